import { conflict, forbidden, invalid, notFound, type Role } from '@steward/kernel';
import type { Audit } from '../audit/audit.js';
import type { Commands } from '../commands/commands.js';
import { scopeOfGrants, type CallContext, type Scope } from '../context.js';
import type { Database, Tx } from '../database/database.js';
import type { ListQuery, Page } from '../http/list-query.js';
import type { ImportJob, RowProblemEntry } from './import-job.js';
import {
  endJob,
  findJob,
  listJobs,
  listProblems,
  type JobFilters,
  type JobSort,
  type KindReach,
  type ProblemCursor,
  type ProblemQuery,
} from './import-job.repository.js';
import type { ImportKind } from './import-kind.js';
import { bareId, problemView, viewOf, type JobView, type RowProblemView } from './job-view.js';

export type ImportsParts = Readonly<{
  service: string;
  database: Database;
  commands: Commands;
  audit: Audit;
  kinds: ReadonlyMap<string, ImportKind>;
}>;

/** Roles that see the imports of all kinds within their units, besides the roles that import. */
const OVERSEERS: readonly Role[] = ['hq-admin', 'hq-auditor'];

/** Import jobs for their callers: what they may see of them, and cancelling. */
export class Imports {
  constructor(readonly parts: ImportsParts) {}

  /** The kind of a name. Throws `import.unknown-kind` (400), or 403 when no role of the caller may import it. */
  kindFor(ctx: CallContext, name: string): ImportKind {
    const kind = this.parts.kinds.get(name);
    if (!kind) {
      const kinds = [...this.parts.kinds.keys()];
      throw invalid(
        'import.unknown-kind',
        `Nothing of the kind "${name.slice(0, 60)}" can be imported here.`,
        undefined,
        { kinds },
      );
    }
    if (!ctx.grants.some(({ role }) => kind.roles.includes(role))) {
      throw forbidden('access.role-missing', 'None of your roles allows this.', { roles: kind.roles });
    }
    return kind;
  }

  /** What the caller may write when importing the kind: made from the bindings with the kind's roles only. */
  writeScope(ctx: CallContext, kind: ImportKind): Scope {
    const scope = scopeOfGrants(ctx.grants, kind.roles, true);
    if (kind.branchField === null && scope.write !== '*') {
      throw forbidden(
        'import.group-scope-needed',
        'Rows of this kind belong to the whole group; your roles do not reach that far.',
      );
    }
    return scope;
  }

  /** One job. Throws `import.not-found`, also for a job whose units the caller does not all see. */
  async get(ctx: CallContext, id: string): Promise<JobView> {
    return this.view(ctx, await this.parts.database.read(ctx.scope, (tx) => this.find(tx, ctx, id)));
  }

  async list(ctx: CallContext, query: ListQuery<JobSort> & JobFilters): Promise<Page<JobView>> {
    const page = await this.parts.database.read(ctx.scope, (tx) => listJobs(tx, query, this.reaches(ctx)));
    return { ...page, items: page.items.map((job) => this.view(ctx, job)) };
  }

  /** Rows that were rejected or deserve a look, in the order of the file. */
  async rows(ctx: CallContext, id: string, query: ProblemQuery): Promise<Page<RowProblemView>> {
    const entries = await this.parts.database.read(ctx.scope, async (tx) => {
      const job = await this.find(tx, ctx, id);
      return listProblems(tx, job.id, query);
    });
    const shown = entries.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(problemView),
      next: entries.length > query.limit && last ? problemCursor(last) : null,
    };
  }

  /** Ends a job between two batches; rows that are in stay in. Throws `import.already-ended` (409). */
  async cancel(ctx: CallContext, id: string): Promise<JobView> {
    const { commands, audit } = this.parts;
    return commands.execute(ctx, async (tx) => {
      const job = await this.find(tx, ctx, id);
      if (!this.mayCancel(ctx, job))
        throw forbidden('access.role-missing', 'None of your roles allows this.');
      if (!(await endJob(tx, job.id, { state: 'cancelled', now: ctx.now }))) {
        throw conflict('import.already-ended', 'The import has ended already.', { state: job.state });
      }
      const changes = [{ field: 'state', from: job.state, to: 'cancelled' }];
      await audit.recordAll(
        tx,
        ctx,
        auditBranches(job).map((branchId) => ({
          branchId,
          entity: 'import',
          entityId: job.id,
          action: 'cancelled',
          changes,
        })),
      );
      return this.view(ctx, await this.find(tx, ctx, id));
    });
  }

  /** The job as this caller sees it. */
  view(ctx: CallContext, job: ImportJob): JobView {
    return viewOf(this.parts.service, job, this.mayCancel(ctx, job));
  }

  private async find(tx: Tx, ctx: CallContext, id: string): Promise<ImportJob> {
    const bare = bareId(this.parts.service, id);
    const job = bare && (await findJob(tx, bare, this.reaches(ctx)));
    if (!job) throw notFound('import.not-found', 'There is no such import in your scope.');
    return job;
  }

  private reaches(ctx: CallContext): KindReach[] {
    return [...this.parts.kinds.values()].map(({ kind, roles }) => {
      return { kind, read: scopeOfGrants(ctx.grants, [...roles, ...OVERSEERS], false).read };
    });
  }

  private mayCancel(ctx: CallContext, job: ImportJob): boolean {
    const kind = this.parts.kinds.get(job.kind);
    return kind !== undefined && within(job.scope.write, scopeOfGrants(ctx.grants, kind.roles, true).write);
  }
}

const within = (inner: Scope['write'], outer: Scope['write']): boolean =>
  outer === '*' || (inner !== '*' && inner.every((id) => outer.includes(id)));

/** The chains that tell of a job: those of its branches, or the group's. */
export const auditBranches = ({ scope }: Pick<ImportJob, 'scope'>): (string | null)[] =>
  scope.write === '*' || scope.refs === '*' ? [null] : [...scope.refs];

const problemCursor = ({ rowNumber, seq }: Pick<RowProblemEntry, 'rowNumber' | 'seq'>): string =>
  Buffer.from(`${rowNumber}.${seq}`).toString('base64url');

/** The place that a cursor of the rows list stands for; undefined when it is none. */
export function parseProblemCursor(text: string): ProblemCursor | undefined {
  const match = /^(\d{1,9})\.(\d{1,6})$/.exec(Buffer.from(text, 'base64url').toString());
  return match ? { row: Number(match[1]), seq: Number(match[2]) } : undefined;
}
