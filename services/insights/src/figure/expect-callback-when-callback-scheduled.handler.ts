import { Injectable } from '@nestjs/common';
import { CallbackScheduled, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CallbackFactService } from './callback-fact.service.js';

@Injectable()
@Handles(CallbackScheduled, {
  repeat: 'a known callback is left as it is',
  late: 'the facts of a callback come in order; its ticket may come after it',
})
export class ExpectCallbackWhenCallbackScheduled {
  constructor(private readonly callbacks: CallbackFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<CallbackScheduled>[]): Promise<void> {
    await this.callbacks.expect(tx, events);
  }
}
