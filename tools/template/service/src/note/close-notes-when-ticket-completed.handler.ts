import { Inject, Injectable } from '@nestjs/common';
import { TicketCompleted, type EventEnvelope } from '@steward/contracts';
import type { Clock } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { NoteService } from './note.service.js';

@Injectable()
@Handles(TicketCompleted, {
  repeat: 'a closed note is not open any more, so it is not found again',
  late: 'a note is closed at the time of the completion, whenever that is heard of',
})
export class CloseNotesWhenTicketCompleted {
  constructor(
    private readonly notes: NoteService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<TicketCompleted>): Promise<void> {
    const ctx = reactionContext(tx, event, this.clock.now());
    const about = { branchId: event.branch!, ticketId: event.data.ticketId };
    await this.notes.closeAbout(tx, ctx, about, new Date(event.data.completedAt));
  }
}
