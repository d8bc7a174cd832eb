import { Inject, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap, type Provider, type Type } from '@nestjs/common'; // prettier-ignore
import { HttpAdapterHost } from '@nestjs/core';
import type { Clock } from '@steward/kernel';
import type { FastifyInstance } from 'fastify';
import { Audit } from '../audit/audit.js';
import { Commands } from '../commands/commands.js';
import { Database, WorkerDatabase } from '../database/database.js';
import type { Logger } from '../logging.js';
import { CLOCK, LOGGER } from '../tokens.js';
import { removeStaleFiles } from './file-cleaner.js';
import { DatabaseFiles, IMPORT_FILES, type ImportFiles } from './import-files.js';
import {
  BRANCH_LOOKUP,
  IMPORT_KINDS,
  IMPORT_LIMITS,
  type BranchLookup,
  type ImportKind,
  type ImportLimits,
} from './import-kind.js';
import { ImportRunner } from './import-runner.js';
import { ImportUploads } from './import-uploads.js';
import { ImportWork } from './import-work.js';
import { ImportsController } from './imports.controller.js';
import { Imports } from './imports.service.js';
import { acceptMultipart } from './multipart.js';
import { openReader } from './reading/open-reader.js';

export type ImportModuleOptions = Readonly<{
  /** Short name of the service; ids of jobs begin with it. */
  service: string;
  /** What may be imported: provider classes. */
  kinds: readonly Type<ImportKind>[];
  /** Modules that give what the kinds need, and `BRANCH_LOOKUP` unless a global module gives it. */
  imports?: DynamicModule['imports'];
  /** More providers for the kinds; `IMPORT_FILES` here replaces the storage in PostgreSQL. */
  providers?: readonly Provider[];
  limits?: Partial<ImportLimits>;
}>;

const LIMITS = Symbol('IMPORT_LIMITS');
const KINDS_BY_NAME = Symbol('KINDS_BY_NAME');

/** Ties the work to the life of the service: multipart before the routes are ready, jobs from boot to shutdown. */
class ImportLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ImportWork) private readonly work: ImportWork,
    @Inject(LIMITS) limits: ImportLimits,
  ) {
    // A module may be built without a server, by tests.
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    if (fastify) acceptMultipart(fastify, Math.max(limits.maxCsvBytes, limits.maxXlsxBytes));
  }

  onApplicationBootstrap(): void {
    this.work.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.stop();
  }
}

const byName = (kinds: readonly ImportKind[]): ReadonlyMap<string, ImportKind> => {
  const names = kinds.map(({ kind }) => kind);
  if (new Set(names).size < names.length)
    throw new Error(`two import kinds have one name: ${names.join(', ')}`);
  return new Map(kinds.map((kind) => [kind.kind, kind]));
};

/** Import jobs of a service: routes under `/api/v1/imports`, a runner in every copy, files kept in the database. */
@Module({})
export class ImportModule {
  static forRoot(options: ImportModuleOptions): DynamicModule {
    const limits: ImportLimits = { ...IMPORT_LIMITS, ...options.limits };
    return {
      module: ImportModule,
      imports: [...(options.imports ?? [])],
      controllers: [ImportsController],
      providers: [
        {
          provide: IMPORT_FILES,
          inject: [WorkerDatabase],
          useFactory: (database: WorkerDatabase) => new DatabaseFiles(database),
        },
        ...options.kinds,
        { provide: IMPORT_KINDS, inject: [...options.kinds], useFactory: (...kinds: ImportKind[]) => kinds },
        { provide: KINDS_BY_NAME, inject: [IMPORT_KINDS], useFactory: byName },
        { provide: LIMITS, useValue: limits },
        ...workProviders(limits),
        ...routeProviders(options.service),
        ImportLife,
        ...(options.providers ?? []),
      ],
    };
  }
}

type Kinds = ReadonlyMap<string, ImportKind>;

function workProviders(limits: ImportLimits): Provider[] {
  const work = (
    runner: ImportRunner,
    database: WorkerDatabase,
    files: ImportFiles,
    clock: Clock,
    logger: Logger,
  ) =>
    new ImportWork({
      runner,
      everyMs: limits.pollMs,
      clean: () => removeStaleFiles({ database, files, clock, limits }),
      onError: (error) => logger.warn({ err: error }, 'looking for imports failed, it is tried again'),
    });
  return [
    {
      provide: ImportRunner,
      inject: [WorkerDatabase, IMPORT_FILES, KINDS_BY_NAME, BRANCH_LOOKUP, CLOCK, LOGGER],
      useFactory: (
        database: WorkerDatabase,
        files: ImportFiles,
        kinds: Kinds,
        branches: BranchLookup,
        clock: Clock,
        logger: Logger,
      ) => new ImportRunner({ database, files, kinds, branches, clock, logger, limits, reader: openReader }),
    },
    {
      provide: ImportWork,
      inject: [ImportRunner, WorkerDatabase, IMPORT_FILES, CLOCK, LOGGER],
      useFactory: work,
    },
  ];
}

function routeProviders(service: string): Provider[] {
  return [
    {
      provide: Imports,
      inject: [Database, Commands, Audit, KINDS_BY_NAME],
      useFactory: (database: Database, commands: Commands, audit: Audit, kinds: Kinds) =>
        new Imports({ service, database, commands, audit, kinds }),
    },
    {
      provide: ImportUploads,
      inject: [Imports, WorkerDatabase, IMPORT_FILES, BRANCH_LOOKUP, CLOCK, ImportWork],
      useFactory: (
        imports: Imports,
        worker: WorkerDatabase,
        files: ImportFiles,
        branches: BranchLookup,
        clock: Clock,
        work: ImportWork,
      ) =>
        new ImportUploads({
          ...imports.parts,
          imports,
          worker,
          files,
          branches,
          clock,
          wakeRunner: () => work.wake(),
        }),
    },
  ];
}
