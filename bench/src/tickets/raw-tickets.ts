// The baseline: plain fastify and pg, the body parsed as JSON, the service's own statement with parameters made
// beforehand. No token, no guard, no schema, no policies, no trace, no log.
import { readFileSync } from 'node:fs';
import { insertOutboxRows } from '@steward/messaging';
import fastify from 'fastify';
import pg from 'pg';
import { RegistrationTemplate, type Sample } from './registration-sample.js';

/** What `RAW_SETTINGS` names: written by the bench. */
export type RawSettings = Readonly<{
  port: number;
  databaseUrl: string;
  poolSize: number;
  sample: Sample;
  /** codes of the branches by id */
  branches: Readonly<Record<string, string>>;
}>;

type Body = Readonly<{ branchId: string }>;

// Without key, number, trail and answer: what the record and its event alone cost.
const BARE = `with scope as materialized (select set_config('app.scope', $1, true) v),
  created as (insert into ticket select r.* from scope, jsonb_populate_record(null::ticket, $2::jsonb) r where v is not null),
  event as (${insertOutboxRows('$3', ', scope')}) select 1`;

const settings = JSON.parse(readFileSync(process.env['RAW_SETTINGS']!, 'utf8')) as RawSettings;
const { statement } = settings.sample;
const template = new RegistrationTemplate(settings.sample);
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.poolSize });
const server = fastify({ logger: false });
const at = (holds: string): number => {
  const found = statement.values.findIndex((value) => typeof value === 'string' && value.includes(holds));
  if (found < 0) throw new Error(`no parameter holds ${holds}`);
  return found;
};
const ROW = at('"branch_id"');
const EVENT = at('"aggregatetype"');
const PLACEHOLDER = statement.values.indexOf(`#${settings.sample.identity.ticketId}#`);
const ANSWER = at('"actions"');

function parametersOf(body: Body, key: string): unknown[] {
  return template.next({ id: body.branchId, code: settings.branches[body.branchId]! }, key);
}

server.post<{ Body: Body }>('/api/v1/tickets', async (request, reply) => {
  const values = parametersOf(request.body, request.headers['idempotency-key'] as string);
  const { rows } = await pool.query<{ number: string }>({ ...statement, values });
  const answer = (values[ANSWER] as string).replace(values[PLACEHOLDER] as string, rows[0]!.number);
  return reply.code(201).type('application/json; charset=utf-8').send(answer);
});

server.post<{ Body: Body }>('/bare', async (request, reply) => {
  const values = parametersOf(request.body, request.headers['idempotency-key'] as string);
  await pool.query({ name: 'bare', text: BARE, values: [values[0], values[ROW], values[EVENT]] });
  return reply.code(201).type('application/json; charset=utf-8').send(values[ANSWER]);
});

server.get('/health/ready', () => ({}));

await server.listen({ port: settings.port, host: '127.0.0.1' });
