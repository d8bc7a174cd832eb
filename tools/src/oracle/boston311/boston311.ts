import type { TicketKind } from '@steward/contracts';
import { GatewayClient, type GatewayAccess } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';
import type { Finding } from '../report.js';
import { awaitBranches } from './await-branches.js';
import { planForFolder, planForMapping, type BranchPlan } from './branch-plan.js';
import { compareDeadlines, compareMissing } from './compare-deadlines.js';
import { compareCounts, compareRecords, compareWithTickets, compareWithVerdicts } from './compare-figures.js';
import { compareVerdicts } from './compare-verdicts.js';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { countTickets, totalOf } from './figure-cells.js';
import { importFiles, type ImportedFile } from './import-files.js';
import { latestInstant } from './latest-instant.js';
import { loadMapping, neededColumns, type BostonMapping } from './mapping.js';
import { RowMatcher, type Matched } from './match-rows.js';
import { prepareBranches, type Branches } from './prepare-branches.js';
import { loadProfile, type Profile } from './profile.js';
import { awaitFigures, readFigures, readRecords } from './read-figures.js';
import { readTickets, type ReadTicket } from './read-tickets.js';
import { readSource, type ReadFile } from './source-rows.js';

type Say = (line: string) => void;

/**
 * Runs the tickets of a data folder through the platform, in branches of their own, and holds what comes out against
 * the files: rows, deadlines, verdicts, headquarters' figures.
 */
export async function runBoston311(access: GatewayAccess, folder: string, say: Say): Promise<Finding[]> {
  const { mapping, text: mappingText } = await loadMapping();
  const { profile, text: profileText } = await loadProfile();
  const data = await openDataFolder(folder, neededColumns(mapping), [mappingText, profileText]);
  const read = await readAll(data, mapping, say);
  const neighbourhoods = read.flatMap(({ rows }) => rows.map((row) => row.neighbourhood));
  const plan = planForFolder(data.digest, neighbourhoods, mapping.branch.column);
  const branches = await prepare(access, plan, { mapping, profile, say });
  const imported = await importFiles(access, data.files, { mapping, plan, say });
  const api = new GatewayClient(access);
  const tickets = await readTickets(api, branches.ids, mapping.source);
  say(`${tickets.size} tickets read back`);
  const { matched, findings } = match({ read, imported, tickets, plan, profile });
  const kind = mapping.fields.kind.constant as TicketKind;
  return [
    ...findings,
    compareDeadlines(matched, profile),
    compareMissing(matched, kind, profile),
    compareVerdicts(matched, profile),
    ...(await askHeadquarters(api, { matched, tickets, branches, profile, source: mapping.source, say })),
  ];
}

/** Makes the branches that the committed mapping names, so that `npm run import` works with it. */
export async function prepareBoston311(access: GatewayAccess, say: Say): Promise<void> {
  const { mapping } = await loadMapping();
  const { profile } = await loadProfile();
  await prepare(access, planForMapping(mapping.branch), { mapping, profile, say });
}

async function readAll(data: DataFolder, mapping: BostonMapping, say: Say): Promise<ReadFile[]> {
  for (const { name, missing } of data.others)
    say(`${name}: left out, it has no column ${missing.join(', ')}`);
  if (data.files.length === 0)
    throw new OracleError('The folder holds no CSV file with the header of this source.');
  const read: ReadFile[] = [];
  for (const file of data.files) read.push(await readSource(file, mapping));
  return read;
}

type Prepared = Readonly<{ mapping: BostonMapping; profile: Profile; say: Say }>;

async function prepare(
  access: GatewayAccess,
  plan: BranchPlan,
  { mapping, profile, say }: Prepared,
): Promise<Branches> {
  say(
    `region ${plan.region.code} with ${plan.branches.size} branches and ${profile.allowances.length} allowances`,
  );
  const branches = await prepareBranches(new GatewayClient(access), plan, profile);
  await awaitBranches(access, plan, mapping);
  return branches;
}

type Imported = Readonly<{
  read: readonly ReadFile[];
  imported: readonly ImportedFile[];
  tickets: ReadonlyMap<string, ReadTicket>;
  plan: BranchPlan;
  profile: Profile;
}>;

function match({ read, imported, tickets, plan, profile }: Imported) {
  const { timeZone } = profile.calendar.calendar;
  const matcher = new RowMatcher({ tickets, timeZone, branchOf: (row) => plan.codeOf(row.neighbourhood) });
  imported.forEach((file, index) => matcher.addFile(read[index]!, file));
  return matcher.end();
}

type Asking = Readonly<{
  matched: readonly Matched[];
  tickets: ReadonlyMap<string, ReadTicket>;
  branches: Branches;
  profile: Profile;
  source: string;
  say: Say;
}>;

async function askHeadquarters(api: GatewayClient, asking: Asking): Promise<Finding[]> {
  const { matched, tickets, branches, profile, source, say } = asking;
  const asOf = latestInstant(matched, new Date());
  const question = { regionId: branches.regionId, source, asOf: asOf.toISOString() };
  const expected = totalOf(countTickets(tickets.values(), asOf, profile.calendar.calendar.timeZone));
  const arrived = await awaitFigures(api, question, expected);
  say(
    arrived ? `figures have arrived, judged as of ${question.asOf}` : 'headquarters does not count further',
  );
  const found = await readFigures(api, question);
  return [
    compareCounts(found, matched),
    compareWithTickets(found, tickets.values(), asOf, profile),
    compareWithVerdicts(found, matched, asOf, profile),
    compareRecords(await readRecords(api, question, 'received'), tickets.values(), branches.ids),
  ];
}
