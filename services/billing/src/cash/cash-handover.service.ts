import { Injectable } from '@nestjs/common';
import { CashHandedOver } from '@steward/contracts';
import { Directory } from '@steward/directory';
import {
  conflict,
  forbidden,
  moneyToJson,
  newId,
  notFound,
  parseMoney,
  toLocalDate,
  unprocessable,
  type DomainError,
} from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { Audit, Commands, Database, type CallContext, type Page, type Tx } from '@steward/platform';
import { BranchService } from '../branch/branch.service.js';
import { Ledger } from '../ledger/ledger.repository.js';
import type {
  CashHandoverDto,
  CashHandoversQuery,
  DrawerDto,
  DrawersQuery,
  HandOverCashBody,
} from './cash-handover.dto.js';
import { CashHandoverRepository, type CashHandover } from './cash-handover.repository.js';
import { checkCount, handoverEntry, SAFE_KEEPERS } from './cash-handover.rules.js';

/** BIL-09: a cashier hands the day's cash over with a signed count, once. */
@Injectable()
export class CashHandoverService {
  constructor(
    private readonly database: Database,
    private readonly repository: CashHandoverRepository,
    private readonly ledger: Ledger,
    private readonly branches: BranchService,
    private readonly directory: Directory,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async handOver(ctx: CallContext, body: HandOverCashBody): Promise<CashHandoverDto> {
    const cashierId = await this.check(ctx, body);
    const answer = await this.commands.execute(ctx, async (tx) => {
      const handover = await this.count(tx, ctx, cashierId, body);
      if (!(await this.repository.add(tx, handover))) throw handedOver();
      await this.record(tx, ctx, handover);
      return toDto(handover, new Map());
    });
    return this.named(answer);
  }

  async get(ctx: CallContext, id: string): Promise<CashHandoverDto> {
    const handover = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!handover) throw notFound('cash-handover.not-found', 'There is no such handover in your scope.');
    return this.named(toDto(handover, new Map()));
  }

  async list(ctx: CallContext, query: CashHandoversQuery): Promise<Page<CashHandoverDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    const people = new Set(items.flatMap(({ cashierId, receiverId }) => [cashierId, receiverId]));
    const names = await this.directory.personNames([...people]);
    return { items: items.map((handover) => toDto(handover, names)), next };
  }

  /** Cash that lies in drawers: what each cashier has to count. */
  async drawers(ctx: CallContext, query: DrawersQuery): Promise<Page<DrawerDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.drawers(tx, query));
    const names = await this.directory.personNames([...new Set(items.map(({ id }) => id))]);
    return {
      items: items.map(({ cash, currency, ...drawer }) => ({
        ...drawer,
        cashierName: names.get(drawer.id) ?? null,
        cash: moneyToJson({ minor: BigInt(cash), currency }),
      })),
      next,
    };
  }

  /** Who hands over to whom, where and for which day; gives the cashier. */
  private async check(ctx: CallContext, body: HandOverCashBody): Promise<string> {
    const branch = await this.branches.writable(ctx, body);
    if (body.businessDay > toLocalDate(ctx.now, branch.timeZone)) throw dayInFuture();
    const cashierId = await this.directory.employeeOf(ctx.actor.id);
    if (cashierId === undefined) throw noEmployee();
    const roles = await this.directory.rolesOver(body.receiverId, body);
    if (body.receiverId === cashierId || !roles.some((role) => SAFE_KEEPERS.includes(role)))
      throw receiverUnfit();
    return cashierId;
  }

  private async count(
    tx: Tx,
    ctx: CallContext,
    cashierId: string,
    body: HandOverCashBody,
  ): Promise<CashHandover> {
    const { minor: counted, currency } = parseMoney(body.counted);
    const pieces = body.pieces.map((piece) => ({ ...piece, value: parseMoney(piece.value) }));
    if (pieces.some(({ value }) => value.currency !== currency)) throw piecesForeign();
    const id = newId(ctx.now.getTime());
    const { branchId, siteId, businessDay, explanation, receiverId, signature } = body;
    const drawer = { branchId, siteId, cashierId, businessDay, currency };
    const { expected, payments, returns } = await this.repository.empty(tx, id, drawer);
    if (await this.repository.isDone(tx, drawer)) throw handedOver();
    const values = pieces.map((piece) => ({ value: piece.value.minor, pieces: piece.pieces }));
    checkCount({ expected: BigInt(expected), counted, pieces: values, explanation });
    return {
      ...{ ...drawer, id, receiverId, signature, explanation, expected, payments, returns },
      counted: String(counted),
      pieces: values.map(({ value, pieces: number }) => ({ value: String(value), pieces: number })),
      handedOverAt: ctx.now,
      version: 1,
    };
  }

  private async record(tx: Tx, ctx: CallContext, handover: CashHandover): Promise<void> {
    const { id, branchId, siteId, cashierId, businessDay, currency, explanation } = handover;
    const [expected, counted] = [BigInt(handover.expected), BigInt(handover.counted)];
    const entry = { branchId, siteId, accountId: null, kind: 'cash-handover', sourceId: id } as const;
    const postings = handoverEntry(expected, counted);
    await this.ledger.post(tx, ctx, [{ ...entry, bookedOn: businessDay, currency, postings }]);
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'cash-handover',
      entityId: id,
      action: 'hand-over',
      ...(explanation === null ? {} : { reason: explanation }),
      changes: (['expected', 'counted', 'currency', 'businessDay', 'receiverId', 'signature'] as const).map(
        (field) => ({ field, from: null, to: handover[field] }),
      ),
    });
    const money = (minor: bigint) => moneyToJson({ minor, currency });
    await this.outbox.append(tx, ctx, {
      definition: CashHandedOver,
      aggregateId: id,
      branchId,
      sequence: 1,
      occurredAt: ctx.now,
      data: {
        cashHandoverId: id,
        cashierId,
        businessDay,
        expected: money(expected),
        counted: money(counted),
        handedOverAt: ctx.now.toISOString(),
      },
    });
  }

  /** Names are put on at last: what is kept for a repeated key holds none (ORG-04). */
  private async named(handover: CashHandoverDto): Promise<CashHandoverDto> {
    const { cashierId, receiverId } = handover;
    const names = await this.directory.personNames([cashierId, receiverId]);
    const nameOf = (id: string) => names.get(id) ?? null;
    return { ...handover, cashierName: nameOf(cashierId), receiverName: nameOf(receiverId) };
  }
}

function toDto(handover: CashHandover, names: ReadonlyMap<string, string>): CashHandoverDto {
  const { currency, expected, counted, ...rest } = handover;
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  return {
    ...rest,
    cashierName: names.get(handover.cashierId) ?? null,
    receiverName: names.get(handover.receiverId) ?? null,
    expected: money(BigInt(expected)),
    counted: money(BigInt(counted)),
    difference: money(BigInt(counted) - BigInt(expected)),
    pieces: handover.pieces.map(({ value, pieces }) => ({ value: money(BigInt(value)), pieces })),
    handedOverAt: handover.handedOverAt.toISOString(),
  };
}

const handedOver = (): DomainError =>
  conflict(
    'cash-handover.done',
    'The cash of this day was handed over; what came later goes with the next day.',
  );

const dayInFuture = (): DomainError =>
  unprocessable('cash-handover.day-in-future', 'Cash of a coming day is not there yet.');

const noEmployee = (): DomainError =>
  forbidden('cash-handover.no-employee', 'Only an employee has a drawer to hand over.');

const receiverUnfit = (): DomainError =>
  unprocessable(
    'cash-handover.receiver-unfit',
    'Cash is handed to somebody else who answers for the safe: an accountant or the manager of the branch.',
    [{ path: 'receiverId', code: 'unfit', detail: 'Choose an accountant or the manager.' }],
  );

const piecesForeign = (): DomainError =>
  unprocessable('cash-handover.pieces-foreign', 'All pieces are of the currency of the sum.');
