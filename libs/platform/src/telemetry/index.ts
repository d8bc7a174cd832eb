export { startTelemetry, type TelemetryOptions, type TracePipeline } from './pipeline.js';
export { Telemetry } from './telemetry.js';
