import { Inject, Injectable, Optional } from '@nestjs/common';
import { Health } from '../health.js';
import { WorkerDatabase } from './database.js';

/** Not ready while PostgreSQL does not answer; asked beside the pool of requests, so that mere load is no illness. */
@Injectable()
export class DatabaseHealth {
  private asking: Promise<unknown> | null = null;

  constructor(
    @Inject(WorkerDatabase) private readonly database: WorkerDatabase,
    @Optional() @Inject(Health) private readonly health?: Health,
  ) {}

  onModuleInit(): void {
    this.health?.register('database', async () => {
      // A question that hangs is not asked again: each would keep a connection.
      this.asking ??= this.database.pool.query('select 1').finally(() => (this.asking = null));
      await this.asking;
      return { ok: true };
    });
  }
}
