import { Injectable } from '@nestjs/common';
import { MonthClosed, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(MonthClosed, {
  repeat: 'a closed month is left as it is',
  late: 'a month is closed once; what was recorded before this was heard of is not late',
})
export class CopyClosedMonthWhenMonthClosed {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<MonthClosed>): Promise<void> {
    await this.copy.keepClosedMonth(tx, event.branch!, event.data);
  }
}
