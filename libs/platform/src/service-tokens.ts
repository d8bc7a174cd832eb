/** Token of the service's pino `Logger`. */
export const LOGGER = Symbol('LOGGER');

/** Token of an `AbortSignal` that fires when the service begins to stop: long answers (SSE) end themselves by it. */
export const SHUTDOWN = Symbol('SHUTDOWN');
