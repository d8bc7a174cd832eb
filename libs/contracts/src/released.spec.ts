import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ALL_EVENTS, ALL_PERSONAL } from './catalogue.js';
import { defineEvent } from './definition.js';
import type { JsonSchema } from './json-schema.js';
import {
  type Catalogue,
  type CatalogueEntry,
  catalogueOf,
  checkCatalogue,
  currentCatalogue,
} from './released.js';

const FOLDER = join(import.meta.dirname, '../released');
const ALL = [...ALL_EVENTS, ...ALL_PERSONAL];

const read = <T>(file: string): T => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as T;

function releasedCatalogue(): Catalogue {
  const files = readdirSync(FOLDER).filter((file) => file !== 'index.json');
  return {
    index: read<CatalogueEntry[]>('index.json'),
    schemas: Object.fromEntries(files.map((file) => [file.replace(/\.json$/, ''), read<JsonSchema>(file)])),
  };
}

describe('PTR-04 the released catalogue', () => {
  it('is not broken by this build', () => {
    expect(checkCatalogue(releasedCatalogue(), currentCatalogue())).toEqual([]);
  });

  it('names every event of this build as it is (else run: node libs/contracts/scripts/release.mjs)', () => {
    expect(releasedCatalogue()).toEqual(currentCatalogue());
  });
});

describe('PTR-04 checkCatalogue', () => {
  const current = currentCatalogue();
  const changed = (type: string, change: object) =>
    catalogueOf(
      ALL.map((definition) => (definition.type === type ? { ...definition, ...change } : definition)),
    );

  it('a removed event is breaking', () => {
    const fewer = catalogueOf(ALL.filter(({ type }) => type !== 'tickets.ticket-paused.v1'));
    expect(checkCatalogue(current, fewer)).toMatchObject([
      { path: 'tickets.ticket-paused.v1', kind: 'event-removed' },
    ]);
  });

  it('a removed schema file is breaking although the index still names the event', () => {
    const { 'tickets.ticket-paused.v1': _gone, ...schemas } = current.schemas;
    expect(checkCatalogue(current, { ...current, schemas })).toMatchObject([{ kind: 'event-removed' }]);
  });

  it.each([
    ['topic', { topic: 'tickets.v2' }],
    ['key', { aggregate: 'branch' }],
    ['scope', { scope: 'group' }],
  ])('another %s is breaking', (field, change) => {
    const found = checkCatalogue(current, changed('tickets.ticket-paused.v1', change));
    expect(found).toEqual([
      { path: 'tickets.ticket-paused.v1', kind: 'event-changed', detail: expect.stringContaining(field) },
    ]);
  });

  it('a broken schema is told with its type and path', () => {
    const found = checkCatalogue(
      current,
      changed('tickets.ticket-paused.v1', { schema: z.object({ ticketId: z.int() }) }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ path: 'tickets.ticket-paused.v1 until', kind: 'field-removed' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ path: 'tickets.ticket-paused.v1 ticketId', kind: 'type-changed' }),
    );
  });

  it('a new event is free', () => {
    const fresh = defineEvent({
      context: 'tickets',
      name: 'ticket-praised',
      version: 1,
      aggregate: 'ticket',
      scope: 'branch',
      title: 'Ticket praised',
      description: 'A customer praised the work.',
      schema: z.object({ ticketId: z.string() }),
      sample: { ticketId: 't-1' },
    });
    expect(checkCatalogue(current, catalogueOf([...ALL, fresh]))).toEqual([]);
  });
});
