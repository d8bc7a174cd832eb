import { context, ROOT_CONTEXT, SpanKind, trace, type Attributes } from '@opentelemetry/api';
import type { EventEnvelope } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { inSpan, inSpans, remoteParent, sampledParent, type Telemetry } from '../trace.js';
import type { PersonalEntry } from './handler-table.js';
import type { PersonalState } from './handles.decorator.js';
import type { Run } from './plan.js';

const attributesOf = (event: EventEnvelope, consumer: string): Attributes => ({
  'messaging.system': 'kafka',
  'messaging.operation.type': 'process',
  'messaging.consumer.group.name': consumer,
  'messaging.message.id': event.id,
  'steward.event.type': event.type,
  'steward.aggregate.id': event.subject,
  'steward.correlation_id': event.correlationId,
});

/** Hands runs of events to their handlers, in order. Handling an event is a span of the trace that caused it. */
export async function dispatchRuns(
  tx: Tx,
  runs: readonly Run[],
  consumer: string,
  telemetry: Telemetry,
): Promise<void> {
  for (const { entry, events } of runs) {
    if (entry.handler.handleMany) await handleMany(tx, { entry, events }, consumer, telemetry);
    else for (const event of events) await handleOne(tx, { entry, events }, event, consumer, telemetry);
  }
}

async function handleMany(
  tx: Tx,
  { entry, events }: Run,
  consumer: string,
  { tracer }: Telemetry,
): Promise<void> {
  const parents = events.flatMap((event) => {
    const parent = sampledParent(event.traceparent);
    return parent ? [{ parent, attributes: attributesOf(event, consumer) }] : [];
  });
  const name = `process ${entry.definition.type}`;
  await inSpans(tracer, name, SpanKind.CONSUMER, parents, () => entry.handler.handleMany!(tx, events));
}

async function handleOne(
  tx: Tx,
  run: Run,
  event: EventEnvelope,
  consumer: string,
  { tracer }: Telemetry,
): Promise<void> {
  const { handler, definition } = run.entry;
  const parent = remoteParent(event.traceparent);
  if (!parent) return handler.handle!(tx, event);
  // Nobody records this trace: no span is worth its while, but what the handler causes stays in the trace.
  if (!sampledParent(event.traceparent))
    return context.with(trace.setSpanContext(ROOT_CONTEXT, parent), () => handler.handle!(tx, event));
  const attributes = attributesOf(event, consumer);
  const options = { kind: SpanKind.CONSUMER, parent, attributes };
  return inSpan(tracer, `process ${definition.type}`, options, () => handler.handle!(tx, event));
}

/** Hands personal values to their handler. */
export async function dispatchPersonal(
  tx: Tx,
  { definition, handler }: PersonalEntry,
  records: readonly PersonalState[],
  { tracer }: Telemetry,
): Promise<void> {
  const parents = records.flatMap(({ traceparent, topic }) => {
    const parent = sampledParent(traceparent);
    return parent ? [{ parent, attributes: { 'messaging.destination.name': topic } }] : [];
  });
  await inSpans(tracer, `process ${definition.type}`, SpanKind.CONSUMER, parents, async () => {
    if (handler.handleMany) await handler.handleMany(tx, records);
    else for (const record of records) await handler.handle!(tx, record);
  });
}
