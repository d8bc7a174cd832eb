import { Injectable } from '@nestjs/common';
import { CallbackRecorded, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CallbackFactService } from './callback-fact.service.js';

@Injectable()
@Handles(CallbackRecorded, {
  repeat: 'sets the same result again',
  late: 'the facts of a callback come in order; figures go by when it was recorded',
})
export class KeepCallbackWhenCallbackRecorded {
  constructor(private readonly callbacks: CallbackFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<CallbackRecorded>[]): Promise<void> {
    await this.callbacks.record(
      tx,
      events.map(({ data }) => data),
    );
  }
}
