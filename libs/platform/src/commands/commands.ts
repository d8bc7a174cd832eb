import { unavailable, unprocessable, type DomainError } from '@steward/kernel';
import type { CallContext } from '../context.js';
import type { Database, Tx } from '../database/database.js';

type Claim = { fresh: boolean; known_hash: string; known_answer: unknown };

/** Whose keys these are: two people on one client do not share theirs. */
export const idempotencyClient = (ctx: CallContext): string => `${ctx.clientId}/${ctx.actor.id}`;

/** The refusal of a key that came before with another body. */
const keyReused = (): DomainError =>
  unprocessable(
    'idempotency.key-reused',
    'This Idempotency-Key was used before on this route with another body. Use a new key for a new command.',
  );

/** Runs commands: one transaction under the caller's scope, repeated at most once per Idempotency-Key. */
export class Commands {
  constructor(private readonly database: Database) {}

  /**
   * Runs `work` and gives its answer. With an Idempotency-Key the answer is stored in the same transaction as the
   * effect, and a repeat gets the stored answer; a repeat that comes while the first runs waits for it. Errors roll
   * back and are not stored, so a repeat after an error tries again. Throws `idempotency.key-reused` (422) for another body.
   */
  async execute<T>(ctx: CallContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    const id = ctx.idempotency;
    if (!id) return this.database.transaction(ctx.scope, work);
    return this.database.transaction(ctx.scope, async (tx) => {
      const names = [idempotencyClient(ctx), id.route, id.key];
      const [claim] = await tx.query<Claim>('select * from idempotency_claim($1, $2, $3, $4)', [
        ...names,
        id.hash,
      ]);
      if (!claim!.fresh) {
        if (claim!.known_hash !== id.hash) throw keyReused();
        return claim!.known_answer as T;
      }
      const answer = await work(tx);
      await tx.query('select idempotency_finish($1, $2, $3, $4)', [...names, JSON.stringify(answer ?? null)]);
      return answer;
    });
  }

  /**
   * The stored answer of a hot statement that wrote nothing because its key was seen before. Throws as `execute` does.
   */
  async replay<T>(ctx: CallContext): Promise<T> {
    const id = ctx.idempotency!;
    return this.database.transaction(ctx.scope, async (tx) => {
      const values = [idempotencyClient(ctx), id.route, id.key, id.hash];
      const [claim] = await tx.query<Claim>('select * from idempotency_claim($1, $2, $3, $4)', values);
      if (claim!.fresh)
        throw unavailable('idempotency.try-again', 'The first command was withdrawn. Repeat it.');
      if (claim!.known_hash !== id.hash) throw keyReused();
      return claim!.known_answer as T;
    });
  }
}
