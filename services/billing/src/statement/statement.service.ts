import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { parseLocalDate, unprocessable } from '@steward/kernel';
import { Database, type CallContext, type Tx } from '@steward/platform';
import { accountNotFound } from '../account/account.errors.js';
import { AccountRepository, type Account } from '../account/account.repository.js';
import { openStatementPrinter } from './statement-printer.js';
import type { StatementSheet } from './statement-sheet.js';
import type { StatementDto, StatementQuery } from './statement.dto.js';
import { StatementRepository } from './statement.repository.js';
import { partsOf } from './statement.rules.js';

/** A statement is read by people: longer ones are asked for in parts. */
const MOST_DAYS = 731;
const MOST_LINES = 5000;

/** BIL-16: what was charged and paid on an account, with the balance after each line. */
@Injectable()
export class StatementService {
  private readonly print = openStatementPrinter();

  constructor(
    private readonly repository: StatementRepository,
    private readonly accounts: AccountRepository,
    private readonly directory: Directory,
    private readonly database: Database,
  ) {}

  async get(ctx: CallContext, accountId: string, query: StatementQuery): Promise<StatementDto> {
    return this.database.read(ctx.scope, async (tx) =>
      this.read(tx, await this.account(tx, accountId), query),
    );
  }

  /** The same as a PDF, made in a thread of its own. */
  async pdf(ctx: CallContext, accountId: string, query: StatementQuery): Promise<Uint8Array> {
    const sheet = await this.database.read(ctx.scope, async (tx): Promise<StatementSheet> => {
      const account = await this.account(tx, accountId);
      const statement = await this.read(tx, account, query);
      const names = await this.repository.names(tx, account);
      const branch = await this.directory.branch(account.branchId);
      return { statement, names, branch: branch?.name ?? '', printedAt: ctx.now.toISOString() };
    });
    return this.print(sheet);
  }

  private async account(tx: Tx, id: string): Promise<Account> {
    const account = await this.accounts.find(tx, id);
    if (!account) throw accountNotFound();
    return account;
  }

  private async read(tx: Tx, account: Account, { from, to }: StatementQuery): Promise<StatementDto> {
    if (parseLocalDate(to) - parseLocalDate(from) >= MOST_DAYS) throw tooLong();
    const openings = await this.repository.openings(tx, account.id, from);
    const movements = await this.repository.movements(tx, account.id, { from, to }, MOST_LINES + 1);
    if (movements.length > MOST_LINES) throw tooLong();
    const { id: accountId, branchId, customerId, propertyUnitId } = account;
    return { accountId, branchId, customerId, propertyUnitId, from, to, parts: partsOf(openings, movements) };
  }
}

const tooLong = () =>
  unprocessable(
    'statement.too-long',
    `A statement has at most ${MOST_DAYS} days and ${MOST_LINES} lines. Ask for a shorter time.`,
  );
