/** What a database holds beside tables under row-level security, each with its reason; whatever is not declared is a fault. */
export type Declared = Readonly<{
  /** Tables without rows of branches, or that route code cannot read: who may use them beside their owner, and how. */
  plumbing: Readonly<Record<string, 'all read' | 'worker' | 'worker, app inserts'>>;
  /** SECURITY DEFINER functions: who may call them; nobody calls a trigger's. */
  ownerFunctions: Readonly<Record<string, 'app and worker' | 'worker' | 'nobody'>>;
  /** Unique keys that hold over the whole group, so that their conflict tells of a row that the caller does not see. */
  groupKeys: Readonly<Record<string, string>>;
  /** Tables whose group rows (no branch) a branch may read. */
  groupRowsRead: readonly string[];
  /** Tables where a branch cannot insert a row by itself: rows of the group, rows that need another one first. */
  notAlone: readonly string[];
}>;

export type ProofRoles = Readonly<{ app: string; worker: string }>;

/** The declarations of several parts of one database as one. */
export function declaredBy(...parts: readonly Partial<Declared>[]): Declared {
  return {
    plumbing: Object.assign({}, ...parts.map((part) => part.plumbing)) as Declared['plumbing'],
    ownerFunctions: Object.assign(
      {},
      ...parts.map((part) => part.ownerFunctions),
    ) as Declared['ownerFunctions'],
    groupKeys: Object.assign({}, ...parts.map((part) => part.groupKeys)) as Declared['groupKeys'],
    groupRowsRead: parts.flatMap((part) => part.groupRowsRead ?? []),
    notAlone: parts.flatMap((part) => part.notAlone ?? []),
  };
}
