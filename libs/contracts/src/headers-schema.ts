import type { EventDefinition, EventScope } from './definition.js';
import type { WireHeaders } from './envelope.js';
import { toHeaders } from './headers.js';

type Node = Record<string, unknown>;

const text = (description: string): Node => ({ type: 'string', minLength: 1, description });
const instant = (description: string): Node => ({ type: 'string', format: 'date-time', description });

const ALWAYS: Record<string, Node> = {
  'content-type': { type: 'string', pattern: '^application/json', description: 'the value is JSON' },
  ce_specversion: { type: 'string', const: '1.0', description: 'version of CloudEvents' },
  ce_id: text('id of the event; the same in every repeat'),
  ce_type: text('<context>.<name>.v<version>'),
  ce_source: text('service that published it'),
  ce_subject: text('id of the aggregate, equal to the key'),
  ce_time: instant('when the fact happened'),
  ce_sequence: { type: 'string', pattern: '^[1-9][0-9]*$', description: 'gapless per aggregate, from 1' },
  ce_recordedtime: instant('when it was recorded'),
  ce_actor: text('id of the person, client or system that acted'),
  ce_correlationid: text('the same for all that one request set off'),
  ce_origin: { type: 'string', enum: ['live', 'import'], description: 'import: from an imported history' },
  ce_late: {
    type: 'string',
    enum: ['true', 'false'],
    description: 'belongs to a period that was closed already',
  },
};

const SOMETIMES: Record<string, Node> = {
  ce_causationid: text('id of the event or command that led to it'),
  traceparent: text('W3C trace context'),
};

const BRANCH: Record<string, Node> = { ce_branch: text('id of the branch whose fact it is') };
const GROUP: Record<string, Node> = {
  ce_group: { type: 'string', const: 'true', description: 'a fact of the group, in place of ce_branch' },
};

/** JSON Schemas of the headers, one per scope, named `headers.<scope>`. */
export function headersSchemas(): Record<string, Node> {
  const [branch, group] = [headersOf(BRANCH), headersOf(GROUP)];
  return { 'headers.branch': branch, 'headers.group': group, 'headers.any': { oneOf: [branch, group] } };
}

/** A valid example of an event's headers. */
export function headersExample(definition: EventDefinition): WireHeaders {
  const branchOf: Record<EventScope, string | null> = {
    branch: '0197a2c4-5d00-7000-8000-000000000002',
    any: '0197a2c4-5d00-7000-8000-000000000002',
    group: null,
  };
  const at = new Date('2026-03-02T01:00:00.000Z');
  return toHeaders({
    id: '0197a2c4-5d00-7000-8000-0000000000e1',
    type: definition.type,
    source: definition.context,
    subject: '0197a2c4-5d00-7000-8000-000000000008',
    time: at,
    branch: branchOf[definition.scope],
    sequence: 1,
    recordedTime: at,
    actor: 'eb1.clerk',
    correlationId: '0197a2c4-5d00-7000-8000-0000000000c1',
    origin: 'live',
    late: false,
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  });
}

function headersOf(scope: Record<string, Node>): Node {
  const needed = { ...ALWAYS, ...scope };
  return { type: 'object', properties: { ...needed, ...SOMETIMES }, required: Object.keys(needed) };
}
