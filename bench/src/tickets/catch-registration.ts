import { Directory } from '@steward/directory';
import type { OrganisationBuilder } from '@steward/directory/testing';
import type { RunningService } from '@steward/platform';
import { configFromEnv, createApp } from '@steward/service-tickets';
import { eventually } from '@steward/testing';
import { watchQueries } from '../frame/watch-queries.js';
import { branchCode } from './bench-group.js';
import type { Sample, SentStatement } from './registration-sample.js';
import { ticketBody } from './ticket-body.js';

const STATEMENT = 'register-ticket';
const KEY = 'bench-sample-key';

/**
 * Runs the service once in this process: it migrates its database and learns the group, then takes one ticket in while
 * the statement that it sends is caught. So the baseline sends what the service sends, whatever that is.
 */
export async function catchRegistration(
  env: Readonly<Record<string, string>>,
  group: OrganisationBuilder,
  token: string,
): Promise<Sample> {
  const service = await createApp(configFromEnv(env));
  try {
    await group.publish();
    const directory = service.app.get(Directory, { strict: false });
    await eventually(() => group.knownTo(directory), { timeoutMs: 120_000 });
    return await register(service, group.id(branchCode(0)), token);
  } finally {
    await service.stop();
  }
}

async function register(service: RunningService, branchId: string, token: string): Promise<Sample> {
  const watch = watchQueries();
  try {
    const answer = await fetch(`${service.url}/api/v1/tickets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': KEY,
      },
      body: JSON.stringify(ticketBody(branchId)),
    });
    if (answer.status !== 201)
      throw new Error(`the service answered ${answer.status} ${await answer.text()}`);
    const { id } = (await answer.json()) as { id: string };
    return sampleOf(watch.find((query) => query.name === STATEMENT) as SentStatement, id, branchId);
  } finally {
    watch.end();
  }
}

function sampleOf({ name, text, values }: SentStatement, ticketId: string, branchId: string): Sample {
  const idIn = (table: string): string => {
    for (const value of values) {
      if (typeof value !== 'string' || !value.startsWith('[')) continue;
      const [row] = JSON.parse(value) as Record<string, string>[];
      if (row && table in row) return row['id']!;
    }
    throw new Error(`no parameter holds a row with ${table}`);
  };
  return {
    statement: { name, text, values },
    identity: {
      ticketId,
      eventId: idIn('aggregatetype'),
      auditId: idIn('correlation_id'),
      branchId,
      branchCode: branchCode(0),
      key: KEY,
    },
  };
}
