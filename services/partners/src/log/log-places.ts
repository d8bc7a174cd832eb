import { Injectable } from '@nestjs/common';
import { Database, GROUP_SCOPE, type Tx } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { LogRepository } from './log.repository.js';
import { permitted } from './reduce.rules.js';

/** Places in the partner log. A place tells nothing of what stands there, so anybody's cursor may be put to any. */
@Injectable()
export class LogPlaces {
  constructor(
    private readonly database: Database,
    private readonly log: LogRepository,
    private readonly grants: GrantBook,
  ) {}

  head(): Promise<number> {
    return this.read((tx) => this.log.head(tx));
  }

  /** Before everything that was recorded since. */
  before(recordedFrom: Date): Promise<number> {
    return this.read((tx) => this.log.positionBefore(tx, recordedFrom));
  }

  /** The place of an event that the client is granted; undefined for any other. */
  async ofEvent(client: string, eventId: string): Promise<number | undefined> {
    const event = await this.read((tx) => this.log.byId(tx, eventId));
    if (!event || permitted(await this.grants.of(client), event) === null) return undefined;
    return event.position;
  }

  private read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(GROUP_SCOPE, work);
  }
}
