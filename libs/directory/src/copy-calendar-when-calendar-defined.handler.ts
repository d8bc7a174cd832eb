import { Injectable } from '@nestjs/common';
import { CalendarDefined, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(CalendarDefined, {
  repeat: 'a known version is left as it is',
  late: 'versions are kept side by side and chosen by date',
})
export class CopyCalendarWhenCalendarDefined {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<CalendarDefined>): Promise<void> {
    await this.copy.keepCalendar(tx, event.data);
  }
}
