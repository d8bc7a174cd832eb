import { invalid } from '@steward/kernel';
import { textOf } from './text.js';
import type { EnvelopeHeaders, ReceivedHeaders, WireHeaders } from './envelope.js';

/**
 * Encodes an envelope's attributes as CloudEvents headers. A fact of the group carries `ce_group: true` in place of
 * `ce_branch`, so that a lost branch can never pass for a fact of the group.
 */
export function toHeaders(envelope: EnvelopeHeaders): WireHeaders {
  const headers: WireHeaders = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_type: envelope.type,
    ce_source: envelope.source,
    ce_subject: envelope.subject,
    ce_time: envelope.time.toISOString(),
    ce_sequence: String(envelope.sequence),
    ce_recordedtime: envelope.recordedTime.toISOString(),
    ce_actor: envelope.actor,
    ce_correlationid: envelope.correlationId,
    ce_origin: envelope.origin,
    ce_late: String(envelope.late),
  };
  if (envelope.branch === null) headers['ce_group'] = 'true';
  else headers['ce_branch'] = envelope.branch;
  if (envelope.causationId !== undefined) headers['ce_causationid'] = envelope.causationId;
  if (envelope.traceparent !== undefined) headers['traceparent'] = envelope.traceparent;
  return headers;
}

/**
 * Reads the attributes of a received event without touching its value: enough to set the scope, skip a type and check
 * the order. Throws `invalid`, code `event.malformed-headers`, naming every header that is missing or wrong.
 */
export function readHeaders(headers: ReceivedHeaders): EnvelopeHeaders {
  const reader = new HeaderReader(headers);
  reader.binding();
  const read: EnvelopeHeaders = {
    id: reader.required('ce_id'),
    type: reader.required('ce_type'),
    source: reader.required('ce_source'),
    subject: reader.required('ce_subject'),
    time: reader.instant('ce_time'),
    branch: reader.branch(),
    sequence: reader.counter('ce_sequence'),
    recordedTime: reader.instant('ce_recordedtime'),
    actor: reader.required('ce_actor'),
    correlationId: reader.required('ce_correlationid'),
    causationId: reader.optional('ce_causationid'),
    origin: reader.choice('ce_origin', 'live', 'import'),
    late: reader.choice('ce_late', 'true', 'false') === 'true',
    traceparent: reader.optional('traceparent'),
  };
  reader.refuseProblems();
  return read;
}

// One pass over the headers of a message; collects problems so that all are told at once.
class HeaderReader {
  private problems: string[] | undefined;

  constructor(private readonly headers: ReceivedHeaders) {}

  optional(name: string): string | undefined {
    const value = this.headers[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return this.problem(name, 'stands more than once');
    return textOf(value as Uint8Array | string);
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined || value === '') return this.problem(name, 'is missing') ?? '';
    return value;
  }

  choice<A extends string, B extends string>(name: string, one: A, other: B): A | B {
    const value = this.required(name);
    if (value !== one && value !== other) this.problem(name, `is neither ${one} nor ${other}`);
    return value as A | B;
  }

  counter(name: string): number {
    const text = this.required(name);
    const value = Number(text);
    if (!COUNTER.test(text) || !Number.isSafeInteger(value))
      this.problem(name, 'is not a whole number from 1');
    return value;
  }

  instant(name: string): Date {
    const text = this.required(name);
    const at = new Date(text);
    if (!INSTANT.test(text) || Number.isNaN(at.getTime()))
      this.problem(name, 'is not an instant of RFC 3339');
    return at;
  }

  branch(): string | null {
    const branch = this.optional('ce_branch');
    const group = this.optional('ce_group');
    if (branch !== undefined && branch !== '' && group === undefined) return branch;
    if (branch !== undefined || group !== 'true')
      this.problem('ce_branch', 'or ce_group: true must stand, one of the two');
    return null;
  }

  binding(): void {
    if (this.required('ce_specversion') !== '1.0') this.problem('ce_specversion', 'is not 1.0');
    if (!JSON_CONTENT.test(this.required('content-type')))
      this.problem('content-type', 'is not application/json');
  }

  refuseProblems(): void {
    if (this.problems === undefined) return;
    throw invalid('event.malformed-headers', `Not the headers of an event: ${this.problems.join('; ')}`);
  }

  private problem(name: string, what: string): undefined {
    (this.problems ??= []).push(`${name} ${what}`);
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const COUNTER = /^[1-9]\d*$/;
const JSON_CONTENT = /^application\/json(?:\s*;|$)/;
