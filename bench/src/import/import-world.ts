import { chmodSync } from 'node:fs';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import * as tickets from '@steward/service-tickets';
import { metered } from '../frame/meter.js';
import { MemoryWatch, type MemoryUse } from '../frame/memory.js';
import type { Burst, Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import { benchGroup } from '../tickets/bench-group.js';
import { holdBackground } from '../tickets/hold-background.js';
import { idOf, SampleRows } from '../world/sample-rows.js';
import { ServiceWorld, type Started } from '../world/service-world.js';
import { writeTicketFile } from './ticket-file.js';

const UPLOADER = 'bench.hq';
const LOOK_MS = 200;
/** Rows of the import that shows what the baseline has to write. */
const SAMPLE_ROWS = 200;
const TABLES = ['ticket', 'audit', 'audit_personal', 'outbox', 'import_record', 'import_job', 'import_chunk'];

type Job = Readonly<{
  id: string;
  state: string;
  rows: Readonly<{ created: number }>;
  error: unknown;
}>;

/** The tickets service and a database for the baseline, and a file that both take in. */
export class ImportWorld {
  readonly memory: MemoryUse[] = [];

  private constructor(
    private readonly world: ServiceWorld,
    private readonly service: Started,
    private readonly baseline: string,
    private readonly statements: readonly string[],
    private readonly file: string,
    private readonly count: number,
  ) {}

  static async start(stand: Stand, count: number): Promise<ImportWorld> {
    const world = await ServiceWorld.start(stand, tickets, {
      group: (kafka) => benchGroup(kafka).employee(UPLOADER, 'hq-admin@HQ'),
    });
    const baseline = await world.copy('raw');
    const service = await world.process();
    // the server reads the file itself, as another user
    chmodSync(stand.folder, 0o755);
    const [file, small] = [join(stand.folder, 'tickets.csv'), join(stand.folder, 'sample.csv')];
    await writeTicketFile(file, count);
    await writeTicketFile(small, SAMPLE_ROWS);
    await upload(world, service, small, SAMPLE_ROWS);
    const statements = await sampled(world, baseline);
    return new ImportWorld(world, service, baseline, statements, file, count);
  }

  /** The import by the route, from the first byte of the upload to the end of the job; relay and sealer wait meanwhile. */
  ours(): Side {
    return async (kind) => {
      await this.empty(this.world.database.name);
      const letGo = await holdBackground(this.world.adminUrl());
      const watch = MemoryWatch.start(this.service.process);
      const burst = await metered(this.world.stand, { server: this.service.process }, () =>
        this.timed(() => upload(this.world, this.service, this.file, this.count)),
      );
      const use = await watch.stop();
      if (kind === 'measured') this.memory.push(use);
      await this.empty(this.world.database.name);
      await letGo();
      return burst;
    };
  }

  /** The file by COPY, then everything by one statement per table in one transaction. */
  raw(): Side {
    return async () => {
      await this.empty(this.baseline);
      const burst = await metered(this.world.stand, {}, () =>
        this.timed(() => this.world.rows(this.script(), this.baseline)),
      );
      const [row] = await this.world.rows<{ n: string }>('select count(*) n from ticket', this.baseline);
      if (Number(row!.n) !== this.count) throw new Error(`the baseline wrote ${row!.n} tickets`);
      return burst;
    };
  }

  private async timed(work: () => Promise<unknown>): Promise<Pick<Burst, 'operations' | 'seconds'>> {
    const began = performance.now();
    await work();
    return { operations: this.count, seconds: (performance.now() - began) / 1000 };
  }

  private script(): string {
    return [
      'begin',
      `create temp table staging (${STAGING}) on commit drop`,
      `copy staging (${STAGING_COLUMNS}) from '${this.file}' with (format csv, header true)`,
      ...this.statements,
      'commit',
    ].join(';\n');
  }

  /** Both begin with empty tables each time; the trail's own guard against that is passed by. */
  private async empty(database: string): Promise<void> {
    const sql = `set session_replication_role = replica; truncate ${TABLES.join(', ')}`;
    await this.world.rows(sql, database);
    await this.world.rows('checkpoint', database);
  }
}

async function upload(world: ServiceWorld, service: Started, file: string, count: number): Promise<void> {
  const form = new FormData();
  form.set('source', 'bench');
  form.set('file', await openAsBlob(file, { type: 'text/csv' }), 'tickets.csv');
  let job = await world.call<Job>(service, 'POST', '/api/v1/imports?kind=tickets', UPLOADER, form);
  while (job.state !== 'done') {
    if (job.state === 'failed') throw new Error(`the import failed: ${JSON.stringify(job.error)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    job = await world.call<Job>(service, 'GET', `/api/v1/imports/${job.id}`, UPLOADER);
  }
  if (job.rows.created !== count) throw new Error(`the import took ${job.rows.created} of ${count} rows`);
}

const STAGING_COLUMNS = `external_id, branch, kind, channel, category_code, category_name, content, requester_name,
  requester_phone, unit_text, received_at, completed_at`;
const STAGING = `n bigint generated always as identity, ${STAGING_COLUMNS.split(',')
  .map((name) => `${name.trim()} ${name.trim().endsWith('_at') ? 'timestamptz' : 'text'}`)
  .join(', ')}`;

/** The baseline's statements: rows as the import wrote them for one ticket, for each row of the file. */
async function sampled(world: ServiceWorld, baseline: string): Promise<string[]> {
  const rows = SampleRows.of(world, baseline);
  const [first] = await world.rows<{ id: string }>('select id from ticket order by number, id limit 1');
  const ticket = `'${first!.id}'`;
  await rows.take('ticket', `id = ${ticket}`);
  await rows.take('audit', `entity_id = ${ticket}`);
  await rows.take('audit_personal', `person_id = ${ticket}`);
  await rows.take('outbox', `aggregateid = ${ticket}`);
  await rows.take('import_record', `entity_id = ${ticket}`);
  const branches = 'staging f join directory_unit b on b.code = f.branch';
  const [id, audit] = [idOf('f.n', '01'), idOf('f.n', '02')];
  return [
    await rows.insert('ticket', branches, {
      ...{
        id,
        branch_id: 'b.id',
        number: `f.branch || '-T-2026-' || lpad(f.n::text, greatest(6, length(f.n::text)), '0')`,
      },
      ...{ kind: 'f.kind', channel: 'f.channel', category_code: 'f.category_code', content: 'f.content' },
      ...{
        requester_name: 'f.requester_name',
        requester_phone: 'f.requester_phone',
        unit_text: 'f.unit_text',
      },
      ...{ received_at: 'f.received_at', completed_at: 'f.completed_at', external_id: 'f.external_id' },
      due_at: `f.received_at + interval '3 days'`,
    }),
    await rows.insert('audit', branches, {
      ...{ id: audit, branch_id: 'b.id', entity_id: id, chain_seq: 'null', chain_hash: 'null' },
    }),
    await rows.insert('audit_personal', branches, { audit_id: audit, branch_id: 'b.id', person_id: id }),
    await rows.insert('outbox', branches, {
      ...{ id: idOf('f.n * 4 + s.sequence', '03'), branch: 'b.id', aggregateid: id, shard: 'f.n % 16' },
      ...{ published_at: 'null', kafka_partition: 'null', kafka_offset: 'null', recorded_at: 'now()' },
    }),
    await rows.insert('import_record', branches, {
      ...{ branch_id: 'b.id', external_id: 'f.external_id', entity_id: id },
    }),
  ];
}
