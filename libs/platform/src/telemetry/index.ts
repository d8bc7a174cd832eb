export { startTelemetry, type TelemetryOptions, type TracePipeline } from './pipeline.js';
export { DURATION_BOUNDS, Telemetry } from './telemetry.js';
