import { Injectable } from '@nestjs/common';
import { CategoryDefined } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { conflict, newId, notFound } from '@steward/kernel';
import { Outbox, type NewEvent } from '@steward/messaging';
import {
  changesOf,
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  type AuditEntry,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { categoryUnknown } from '../ticket/ticket.errors.js';
import {
  type CategoriesQuery,
  type CategoryDto,
  type ChangeCategoryBody,
  type DefineCategoryBody,
} from './category.dto.js';
import type { Category } from './category.entity.js';
import { CategoryRepository } from './category.repository.js';

const SEEN_MS = 2_000;
const SEEN_LIMIT = 10_000;

/** The branch's own list of what tickets are about (TKT-05). */
@Injectable()
export class CategoryService {
  /** Until when a category counts as active without a look, so that a burst of tickets does not ask for each. */
  private readonly seenActive = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly repository: CategoryRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly directory: Directory,
  ) {}

  async define(ctx: CallContext, body: DefineCategoryBody): Promise<CategoryDto> {
    const branch = await this.directory.branch(body.branchId);
    if (!branch || !inScope(ctx.scope.write, body))
      throw notFound('category.branch-unknown', 'There is no such branch in your scope.');
    return this.commands.execute(ctx, async (tx) => {
      const [added] = await this.addMissing(tx, ctx, [body]);
      if (!added) throw conflict('category.code-taken', `The branch already has a category ${body.code}.`);
      return added;
    });
  }

  async change(ctx: CallContext, id: string, body: ChangeCategoryBody): Promise<CategoryDto> {
    const answer = await this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before) throw notFound('category.not-found', 'There is no such category in your scope.');
      requireMatch(ctx, before.version);
      const after = { ...before, ...body, version: before.version + 1 };
      await this.repository.update(tx, after);
      await this.audit.record(tx, ctx, entryOf(before, after));
      await this.outbox.append(tx, ctx, eventOf(ctx, after));
      return after;
    });
    this.seenActive.delete(keyOf(answer.branchId, answer.code));
    return answer;
  }

  async list(ctx: CallContext, query: CategoriesQuery): Promise<Page<CategoryDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  /**
   * Throws `ticket.category-unknown` unless the branch has this active category. Within a transaction it looks there: to
   * wait for a second connection while holding one could stop a busy service.
   */
  async requireActive(ctx: CallContext, branchId: string, code: string, tx?: Tx): Promise<void> {
    const key = keyOf(branchId, code);
    if ((this.seenActive.get(key) ?? 0) > ctx.now.getTime()) return;
    const look = (at: Tx): Promise<string[]> => this.repository.activeCodes(at, branchId, [code]);
    const [known] = tx ? await look(tx) : await this.database.read(ctx.scope, look);
    if (known === undefined) throw categoryUnknown(code);
    if (this.seenActive.size >= SEEN_LIMIT) this.seenActive.clear();
    this.seenActive.set(key, ctx.now.getTime() + SEEN_MS);
  }

  /** Adds the categories that the branch does not have yet, each with trail and event; gives the new ones. */
  async addMissing(tx: Tx, ctx: CallContext, wanted: readonly DefineCategoryBody[]): Promise<Category[]> {
    const rows = wanted.map((body) => ({ ...body, id: newId(ctx.now.getTime()), active: true, version: 1 }));
    const added = await this.repository.addMissing(tx, rows);
    await this.audit.recordAll(
      tx,
      ctx,
      added.map((category) => entryOf(null, category)),
    );
    await this.outbox.append(
      tx,
      ctx,
      added.map((category) => eventOf(ctx, category)),
    );
    return added;
  }
}

const keyOf = (branchId: string, code: string): string => `${branchId}/${code}`;

const FIELDS = ['code', 'name', 'kind', 'active'] as const;

function entryOf(before: Category | null, after: Category): AuditEntry {
  return {
    branchId: after.branchId,
    entity: 'category',
    entityId: after.id,
    action: before ? 'change' : 'define',
    changes: changesOf(before, after, FIELDS),
  };
}

function eventOf(ctx: CallContext, category: Category): NewEvent<CategoryDefined> {
  const { id: categoryId, code, name, kind, active } = category;
  return {
    definition: CategoryDefined,
    aggregateId: categoryId,
    branchId: category.branchId,
    sequence: category.version,
    occurredAt: ctx.now,
    data: { categoryId, code, name, kind, active },
  };
}
