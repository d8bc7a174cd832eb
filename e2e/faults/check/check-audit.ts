import { createHash } from 'node:crypto';
import {
  accepted,
  CONTEXTS,
  grouped,
  topicOf,
  type Checked,
  type ContextService,
  type Evidence,
  type Finding,
} from './evidence.js';

type Row = {
  id: string;
  branch_id: string | null;
  entity: string;
  entity_id: string;
  action: string;
  actor: string;
  at: Date;
  correlation_id: string;
  reason: string | null;
  changes: unknown;
  chain_seq: string | null;
  chain_hash: Buffer | null;
};

const ROWS = `select id, branch_id, entity, entity_id, action, actor, at, correlation_id, reason, changes, chain_seq, chain_hash
  from audit order by branch_id, chain_seq`;
const HEADS = `select branch_id, sequence, encode(hash, 'hex') hash from audit_head`;

/**
 * Every chain, recomputed from its first row by ADR 0004 and nothing of the platform's code: the rows, the kept heads
 * and the heads that were published fit together. Every accepted command stands in the trail exactly once.
 */
export async function checkAudit(evidence: Evidence): Promise<Checked> {
  const findings: Finding[] = [];
  let count = 0;
  const byCommand = new Map<string, number>();
  for (const service of CONTEXTS) {
    const rows = await evidence.sql<Row>(service, ROWS);
    count += rows.length;
    const hashes = new Map<string, string>();
    for (const [branch, chain] of grouped(rows, ({ branch_id }) => branch_id ?? 'group'))
      findings.push(...walk(service, branch, chain, hashes));
    findings.push(...(await headsFit(evidence, service, hashes)));
    // the callback that follows from a completion has a row of its own
    for (const { correlation_id: id, entity } of rows)
      if (entity !== 'callback') byCommand.set(id, (byCommand.get(id) ?? 0) + 1);
  }
  findings.push(...onceInTrail(evidence, byCommand));
  return { name: 'audit chains, one row per command', rows: count, findings };
}

function walk(
  service: string,
  branch: string,
  chain: readonly Row[],
  hashes: Map<string, string>,
): Finding[] {
  const where = `steward_${service}.audit, chain of ${branch}`;
  let previous = Buffer.alloc(32);
  for (const [index, row] of chain.entries()) {
    const sequence = String(index + 1);
    if (row.chain_seq === null) return [{ what: `row ${row.id} is not sealed`, where }];
    if (row.chain_seq !== sequence)
      return [{ what: `row ${row.id} has place ${row.chain_seq} instead of ${sequence}`, where }];
    const hash = createHash('sha256').update(previous).update(contentOf(sequence, row)).digest();
    if (!hash.equals(row.chain_hash!)) return [{ what: `row ${row.id} does not fit its hash`, where }];
    hashes.set(`${branch} ${sequence}`, hash.toString('hex'));
    previous = hash;
  }
  hashes.set(`${branch} end`, String(chain.length));
  return [];
}

const contentOf = (sequence: string, row: Row): string =>
  sortedJson([
    sequence,
    row.id,
    row.branch_id,
    row.entity,
    row.entity_id,
    row.action,
    row.actor,
    row.at.toISOString(),
    row.correlation_id,
    row.reason,
    row.changes,
  ]);

/** JSON with the keys of every object in order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

async function headsFit(
  { sql, topics }: Evidence,
  service: ContextService,
  hashes: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const kept = await sql<{ branch_id: string | null; sequence: string; hash: string }>(service, HEADS);
  for (const { branch_id, sequence, hash } of kept) {
    const branch = branch_id ?? 'group';
    if (hashes.get(`${branch} end`) !== sequence || hashes.get(`${branch} ${sequence}`) !== hash)
      findings.push({
        what: `the head of ${branch} is not its last row`,
        where: `steward_${service}.audit_head`,
      });
  }
  for (const { headers, value } of topics.get(topicOf(service))!) {
    if (!headers['ce_type']?.includes('audit-head-sealed')) continue;
    const head = JSON.parse(value!) as { branchId: string | null; sequence: number | string; hash: string };
    if (hashes.get(`${head.branchId ?? 'group'} ${head.sequence}`) !== head.hash)
      findings.push({
        what: `the published head ${headers['ce_id']} fits no row`,
        where: `topic ${topicOf(service)}`,
      });
  }
  return findings;
}

const ELSEWHERE = /^\/(?:imports|payments|billing-runs|invoices)/;

/**
 * Erasing a person also ends roles, each with a row of its own; an import's rows are counted with the import, and
 * money that is told again, runs and invoices with the money.
 */
function onceInTrail({ commands }: Evidence, byCommand: ReadonlyMap<string, number>): Finding[] {
  return commands
    .filter((command) => accepted(command) && !ELSEWHERE.test(command.path))
    .flatMap(({ key, method, path }) => {
      const rows = byCommand.get(key) ?? 0;
      const right = path.endsWith('/erasure') ? rows >= 1 : rows === 1;
      if (right) return [];
      return [{ what: `${method} ${path} has ${rows} rows in the trail`, where: `correlation_id ${key}` }];
    });
}
