import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { LogService } from './log.service.js';
import { SUBSCRIBABLE } from './subscribable.js';

/** Appends what partners can be granted to the partner log, in the order of each aggregate. */
@Injectable()
export class AppendToPartnerLog {
  constructor(private readonly log: LogService) {}

  handleMany(tx: Tx, events: readonly EventEnvelope[]): Promise<void> {
    return this.log.append(tx, events);
  }
}

for (const definition of SUBSCRIBABLE)
  Handles(definition, {
    repeat: 'the guard on the sequence of the aggregate passes it over, so it stands in the log once',
    late: 'the log has the order of arrival; what happened when stands in the event',
  })(AppendToPartnerLog);
