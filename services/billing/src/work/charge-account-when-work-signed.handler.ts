import { Inject, Injectable } from '@nestjs/common';
import { WorkSigned, type EventEnvelope } from '@steward/contracts';
import { unprocessable, type Clock, type DomainError } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { WorkChargeService } from './work-charge.service.js';

@Injectable()
@Handles(WorkSigned, {
  repeat: 'a quote is charged once',
  late: 'it is charged for the day of signing, whenever that is heard of',
})
export class ChargeAccountWhenWorkSigned {
  constructor(
    private readonly works: WorkChargeService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<WorkSigned>): Promise<void> {
    const { charge, number, customerId, signedAt, ...place } = event.data;
    if (charge === null) return;
    const ctx = reactionContext(tx, event, this.clock.now());
    // a quote is accepted for a customer only, so this is a fault of the sender: the event is parked
    if (customerId === null) throw workWithoutCustomer();
    const work = { ...place, ...charge, customerId, branchId: event.branch!, ticketNumber: number };
    await this.works.charge(tx, ctx, { ...work, signedAt: new Date(signedAt) });
  }
}

const workWithoutCustomer = (): DomainError =>
  unprocessable('billing.work-without-customer', 'The work is to be paid for and names no customer.');
