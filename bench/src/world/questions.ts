import pg from 'pg';
import { percentile } from '../frame/statistics.rules.js';
import type { ServiceWorld, Started } from './service-world.js';

/** How long answers took, in milliseconds, and how many were none. */
export type Answers = Readonly<{ took: readonly number[]; refused: number }>;

/** Asks one after the other, `times` times; the first one warms up and is thrown away. A refusal counts with its time. */
export async function ask(times: number, once: (index: number) => Promise<boolean>): Promise<Answers> {
  const took: number[] = [];
  let refused = 0;
  for (let i = 0; i <= times; i += 1) {
    const began = performance.now();
    const answered = await once(i);
    if (i === 0) continue;
    took.push(performance.now() - began);
    if (!answered) refused += 1;
  }
  return { took, refused };
}

/** A question to a service, as a subject; a server's error counts as no answer, anything else throws. */
export const askService =
  (world: ServiceWorld, service: Started, as: string, path: (index: number) => string) =>
  async (index: number): Promise<boolean> => {
    const headers = { authorization: `Bearer ${world.stand.issuer.token(as)}` };
    const answer = await fetch(service.url + path(index), { headers });
    const text = await answer.text();
    if (!answer.ok && answer.status < 500)
      throw new Error(`${path(index)} answered ${answer.status} ${text}`);
    return answer.ok;
  };

/** The same of the database itself, over one kept connection. */
export async function askDatabase(
  url: string,
  times: number,
  sql: (index: number) => string,
): Promise<Answers> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(times, async (index) => {
      await client.query(sql(index));
      return true;
    });
  } finally {
    await client.end();
  }
}

export const p50 = ({ took }: Answers): number => percentile(took, 0.5);
export const p99 = ({ took }: Answers): number => percentile(took, 0.99);
