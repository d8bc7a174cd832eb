import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { ServiceConfig } from './config.js';

export type { Logger } from 'pino';

export type LoggerOptions = Readonly<{
  service: string;
  level: ServiceConfig['logLevel'];
  /** Where lines go; standard output when left out. */
  destination?: DestinationStream;
}>;

function traceIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { traceId: span.traceId, spanId: span.spanId } : {};
}

const OUTPUT = Symbol.for('steward.logging.output');
type Process = { [OUTPUT]?: DestinationStream };

const GATHERED_BYTES = 8192;
const LATEST_MS = 100;

// One stream for all services of the process, so that their lines do not cut into one another; lines are gathered for a
// moment and written in the background, and what is left at exit: a write per request is a tenth of its cost.
function standardOutput(): DestinationStream {
  const holder = globalThis as Process;
  return (holder[OUTPUT] ??= pino.destination({
    dest: 1,
    sync: false,
    minLength: GATHERED_BYTES,
    periodicFlush: LATEST_MS,
  }));
}

/**
 * A JSON logger whose lines carry the service's name and the active trace. Callers pass ids and codes, never bodies,
 * header fields, tokens or personal values.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceIds,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.destination ?? standardOutput(),
  );
}

const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/** Nest's own messages in our log; its start-up chatter stands at debug. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: rest.at(-1) });
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), text(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), text(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), text(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), text(message)),
    error: (message: unknown, ...rest: unknown[]) =>
      logger.error({ ...context(rest), err: message }, text(message)),
    fatal: (message: unknown, ...rest: unknown[]) =>
      logger.fatal({ ...context(rest), err: message }, text(message)),
  };
}
