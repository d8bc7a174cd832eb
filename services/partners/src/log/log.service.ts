import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { LogBell } from './log-bell.js';
import { LogRepository } from './log.repository.js';

/** The partner log, as it is written. */
@Injectable()
export class LogService {
  constructor(
    private readonly repository: LogRepository,
    private readonly bell: LogBell,
  ) {}

  /** Appends in the transaction of the consumer; whoever delivers hears of it once that has committed. */
  async append(tx: Tx, events: readonly EventEnvelope[]): Promise<void> {
    await this.repository.append(tx, events);
    tx.afterCommit(() => this.bell.ring());
  }
}
