import { randomBytes } from 'node:crypto';
import { eventually } from '@steward/testing';
import type { Cast } from './cast.js';
import { GRANTED, partnerSubscribes } from './partner-part.js';
import { prepared, type Ground } from './ground.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** What the steps are called, in order. */
export const STEPS = [
  'partner subscribes',
  'customer and unit registered',
  'repair taken by hotline',
  'slip received and quoted',
  'quote accepted, work done and signed',
  'charged and invoiced',
  'paid in two parts, one told twice',
  'ticket paid, callback recorded',
  'headquarters sees it',
  'partner has everything once',
] as const;
export type Step = (typeof STEPS)[number];

export type Direction = Readonly<{
  cast: Cast;
  receiver: WebhookReceiver;
  /** is told what happens now, and what came of it */
  say?: (line: string) => void;
  /** runs before each step: a test breaks something here */
  before?: (step: Step) => Promise<void>;
  /** How long what follows from a command may take. */
  patienceMs?: number;
}>;

type Money = { amount: string; currency: string };
type Ticket = { id: string; number: string; version: number; state: string; payment: string };
type Invoice = { id: string; number: string; total: Money; open: Money; accountId: string };
type Payment = { id: string; amount: Money; receiptNumber: string | null };
type Callback = { id: string; version: number; state: string };

/** What came of the journey. */
export type Outcome = Readonly<{
  ticket: Ticket;
  invoice: Invoice;
  payments: readonly Payment[];
  callback: Callback;
  /** types of the partner's events by aggregate, in the order of their arrival */
  told: ReadonlyMap<string, readonly string[]>;
  customerId: string;
}>;

const cny = (amount: string): Money => ({ amount, currency: 'CNY' });

/** Plays a repair from the call to the callback (FLW-01). Throws when anything does not come as it must. */
export async function playJourney(direction: Direction): Promise<Outcome> {
  return new Journey(direction).play();
}

class Journey {
  private readonly mark = randomBytes(3).toString('hex').toUpperCase();
  private readonly cast: Cast;
  private ground!: Ground;

  constructor(private readonly direction: Direction) {
    this.cast = direction.cast;
  }

  async play(): Promise<Outcome> {
    const { receiver } = this.direction;
    await this.step('partner subscribes', () => partnerSubscribes(this.cast, receiver));
    this.ground = await this.step('customer and unit registered', () =>
      prepared(this.cast, this.mark, (work) => this.soon(work)),
    );
    const { id } = await this.step('repair taken by hotline', () => this.call());
    await this.step('slip received and quoted', () => this.quote(id));
    await this.step('quote accepted, work done and signed', () => this.work(id));
    const invoice = await this.step('charged and invoiced', () => this.invoiceOf(id));
    const payments = await this.step('paid in two parts, one told twice', () => this.pay(invoice));
    const callback = await this.step('ticket paid, callback recorded', () => this.close(id));
    await this.step('headquarters sees it', () => this.figures(id));
    const told = await this.step('partner has everything once', () => this.delivered(id));
    const ticket = await this.cast.clerk.get<Ticket>(`/tickets/${id}`);
    const settled = await this.cast.clerk.get<Invoice>(`/invoices/${invoice.id}`);
    return { ticket, invoice: settled, payments, callback, told, customerId: this.ground.customerId };
  }

  private async step<T>(name: Step, work: () => Promise<T>): Promise<T> {
    await this.direction.before?.(name);
    this.direction.say?.(`${STEPS.indexOf(name) + 1}. ${name}`);
    return work();
  }

  /** Repeats what depends on events that are still on their way, or on a service that is away for a moment. */
  private soon<T>(work: () => Promise<T>): Promise<T> {
    const timeoutMs = this.direction.patienceMs ?? 60_000;
    return eventually(async () => ({ answer: await work() }), { timeoutMs, intervalMs: 250 }).then(
      ({ answer }) => answer,
    );
  }

  /** Takes an action on the ticket as it is now; what somebody else changed in between is read again. */
  private act(who: 'clerk' | 'supervisor' | 'engineer', id: string, noun: string, body: object = {}) {
    return this.soon(async () => {
      const { version } = await this.cast[who].get<Ticket>(`/tickets/${id}`);
      return this.cast[who].post<Ticket>(`/tickets/${id}/${noun}`, body, version);
    });
  }

  private call(): Promise<Ticket> {
    const { branchId, siteId, customerId, propertyUnitId, unitCode, phone } = this.ground;
    return this.soon(() =>
      this.cast.clerk.post<Ticket>('/tickets', {
        ...{ branchId, siteId, customerId, propertyUnitId, kind: 'repair', channel: 'hotline' },
        ...{ categoryCode: 'water-leak', content: '厨房水龙头漏水', unitText: unitCode },
        ...{ requesterName: '李建国', requesterPhone: phone },
      }),
    );
  }

  private async quote(id: string): Promise<void> {
    await this.act('supervisor', id, 'assignment', { assigneeId: this.ground.engineerId });
    await this.act('engineer', id, 'slip-receipt');
    await this.act('engineer', id, 'quote', {
      lines: [
        { kind: 'labour', description: '更换水龙头', quantity: '1', unitPrice: cny('80.00') },
        { kind: 'material', description: '水龙头 DN15', quantity: '1', unitPrice: cny('40.50') },
      ],
    });
  }

  private async work(id: string): Promise<void> {
    await this.act('clerk', id, 'quote-acceptance', { note: '客户电话同意' });
    await this.act('engineer', id, 'start');
    await this.act('engineer', id, 'completion', { outcome: '已更换水龙头，与客户一起试用正常' });
    await this.act('engineer', id, 'signature', { signedBy: '李建国', tried: true });
  }

  private invoiceOf(ticketId: string): Promise<Invoice> {
    return this.soon(async () => {
      const [charge] = await this.items<{ invoiceId: string | null; amount: Money }>(
        `/charges?ticketId=${ticketId}`,
      );
      if (!charge?.invoiceId) throw new Error('the work is not invoiced yet');
      const invoice = await this.cast.clerk.get<Invoice>(`/invoices/${charge.invoiceId}`);
      if (invoice.total.amount !== '120.50') throw new Error(`invoiced are ${invoice.total.amount}`);
      return invoice;
    });
  }

  private async pay({ number }: Invoice): Promise<Payment[]> {
    const tell = (part: number, amount: string): Promise<Payment> => {
      const { branchId } = this.ground;
      const providerId = `${this.mark}-${part}`;
      const body = { branchId, invoiceNumber: number, providerId, method: 'wechat', amount: cny(amount) };
      return this.soon(() => this.cast.partner.post<Payment>('/payments', body));
    };
    const [first, again] = [await tell(1, '50.00'), await tell(1, '50.00')];
    if (first.id !== again.id) throw new Error('a payment that was told twice was booked twice');
    return [first, await tell(2, '70.50')];
  }

  private async close(id: string): Promise<Callback> {
    await this.soon(async () => {
      const { payment } = await this.cast.clerk.get<Ticket>(`/tickets/${id}`);
      if (payment !== 'paid') throw new Error(`the ticket shows ${payment}`);
    });
    return this.soon(async () => {
      const [due] = await this.items<Callback>(`/callbacks?ticketId=${id}`);
      if (!due) throw new Error('no callback was planned');
      const words = { result: 'satisfied', score: 5, priceAgrees: true, conductGood: true };
      return due.state === 'due'
        ? this.cast.clerk.post<Callback>(`/callbacks/${due.id}/result`, words, due.version)
        : due;
    });
  }

  private figures(id: string): Promise<void> {
    return this.soon(async () => {
      const query = { measure: 'closed', branchId: this.ground.branchId, sort: '-receivedAt', limit: '50' };
      const { items } = await this.cast.headquarters.get<{ items: { ticketId: string }[] }>(
        '/figures/tickets/records',
        query,
      );
      if (!items.some(({ ticketId }) => ticketId === id)) throw new Error('the ticket is not in the figures');
    });
  }

  /** Each event of the ticket once, in order, signed. */
  private delivered(id: string): Promise<Map<string, readonly string[]>> {
    return this.soon(() => Promise.resolve(this.told(id)));
  }

  private told(id: string): Map<string, readonly string[]> {
    const { deliveries } = this.direction.receiver;
    const ours = deliveries.filter(({ event }) => JSON.stringify(event).includes(id));
    const unsigned = ours.find(({ signed }) => !signed);
    if (unsigned) throw new Error(`${unsigned.webhookId} is not signed`);
    const once = new Set(ours.map(({ webhookId }) => webhookId));
    if (once.size !== ours.length) throw new Error('an event came twice');
    const types = new Map<string, string[]>();
    const places = new Map<string, number>();
    for (const { event } of ours) {
      const { aggregateId, sequence, type } = event;
      if ((places.get(aggregateId) ?? 0) >= sequence) throw new Error(`${type} came out of order`);
      places.set(aggregateId, sequence);
      types.set(aggregateId, [...(types.get(aggregateId) ?? []), type]);
    }
    const all = new Set(ours.map(({ event }) => event.type));
    const missing = GRANTED.filter((type) => !all.has(type));
    if (missing.length > 0) throw new Error(`not delivered yet: ${missing.join(', ')}`);
    return types;
  }

  private async items<T>(path: string): Promise<T[]> {
    const page = await this.cast.clerk.get<{ items: T[] }>(path);
    return page.items;
  }
}
