import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Command } from '../ledger.js';
import { checkAudit } from './check-audit.js';
import { checkAnswers, checkTickets } from './check-commands.js';
import { checkPublished } from './check-events.js';
import { checkNumbers } from './check-numbers.js';
import { CONTEXTS, topicOf, type Checked, type Evidence } from './evidence.js';
import type { TopicMessage } from './read-topics.js';

const command = (key: string, over: Partial<Command> = {}): Command => ({
  what: 'sent',
  at: '',
  key,
  login: 'eb1.clerk',
  method: 'POST',
  path: '/tickets',
  body: {},
  repeats: [],
  status: 201,
  answer: { id: 't1', number: 'EB1-T-2026-000001', state: 'classified', version: 1 },
  ...over,
});

/** Answers own SQL by the table that a statement names first. */
const tables =
  (rows: Readonly<Record<string, readonly object[]>>): Evidence['sql'] =>
  <Row extends object>(service: string, text: string) => {
    const table = /\bfrom (\w+)/.exec(text)![1]!;
    return Promise.resolve([...(rows[`${service}.${table}`] ?? [])] as Row[]);
  };

const message = (id: string, sequence: number, over: Partial<TopicMessage> = {}): TopicMessage => ({
  partition: 3,
  offset: sequence - 1,
  key: 'a1',
  value: `{"n":${sequence}}`,
  headers: { ce_id: id, ce_sequence: String(sequence), ce_type: 'tickets.ticket-registered.v1' },
  ...over,
});

const row = (id: string, sequence: number, over: object = {}) => ({
  id,
  aggregateid: 'a1',
  sequence: String(sequence),
  type: 'tickets.ticket-registered.v1',
  published: true,
  kafka_partition: 3,
  kafka_offset: String(sequence - 1),
  ...over,
});

const NO_TOPICS = Object.fromEntries(CONTEXTS.map((service) => [topicOf(service), []]));

const evidence = (
  rows: Readonly<Record<string, readonly object[]>>,
  { commands = [], messages = [] }: { commands?: Command[]; messages?: TopicMessage[] } = {},
): Evidence => ({
  commands,
  topics: new Map(Object.entries({ ...NO_TOPICS, 'tickets.v1': messages })),
  sql: tables(rows),
});

const told = ({ findings }: Checked): string[] => findings.map(({ what }) => what);

describe('the checker finds', () => {
  it('commands without an answer, refusals and unforeseen errors', () => {
    const { status: _, ...open } = command('open');
    const refused = command('refused', { status: 409, code: 'ticket.action-not-allowed' });
    const commands = [command('fine'), open, refused, command('failed', { repeats: ['500 internal'] })];
    expect(told(checkAnswers(evidence({}, { commands })))).toEqual([
      'a command was never answered',
      'a legal command was refused: 409 ticket.action-not-allowed',
      'an answer told of an error that nobody foresaw: 500 internal',
    ]);
  });

  it('tickets that are lost, doubled or changed twice', async () => {
    const stored = { id: 't1', number: 'EB1-T-2026-000001', state: 'classified', version: 1, origin: 'live' };
    const look = async (rows: readonly object[]) =>
      told(await checkTickets(evidence({ 'tickets.ticket': rows }, { commands: [command('one')] })));
    expect(await look([stored])).toEqual([]);
    expect(await look([])).toEqual(['ticket t1 is missing']);
    expect(await look([stored, { ...stored, id: 't2' }])).toEqual(['ticket t2 should not be there']);
    expect((await look([{ ...stored, version: 2 }]))[0]).toContain('ticket t1 is');
  });

  it('events that are not published, not stored, out of order, elsewhere or altered', async () => {
    const look = async (history: readonly object[], messages: TopicMessage[]) =>
      told(await checkPublished(evidence({ 'tickets.outbox': history }, { messages })));
    const history = [row('e1', 1), row('e2', 2)];
    const both = [message('e1', 1), message('e2', 2)];
    expect(await look(history, both)).toEqual([]);
    // a repeat after a crash is no violation
    expect(await look(history, [...both, message('e1', 1, { offset: 2 })])).toEqual([]);
    expect(await look(history, [message('e1', 1)])).toContain('event e2 is missing');
    expect(await look([row('e1', 1)], both)).toContain('event e2 should not be there');
    expect(await look(history, [message('e2', 2), message('e1', 1)])).toContain(
      'aggregate a1 jumps from 0 to 2',
    );
    expect(await look(history, [both[0]!, message('e2', 2, { partition: 4 })])).toContain(
      'aggregate a1 lies in partitions 3 and 4',
    );
    expect(await look(history, [...both, message('e1', 1, { offset: 2, value: '{}' })])).toContain(
      'event e1 was published in 2 forms',
    );
    expect(await look([row('e1', 1), row('e3', 3)], [message('e1', 1)])).toContain(
      'aggregate a1 has sequences 1, 3',
    );
  });

  it('what is still missing in a topic that was emptied and filled again', async () => {
    const look = async (messages: TopicMessage[]) => {
      const history = [row('e1', 1), row('e2', 2), row('e3', 3)];
      const emptied = new Set(['tickets.v1']);
      return told(
        await checkPublished({ ...evidence({ 'tickets.outbox': history }, { messages }), emptied }),
      );
    };
    const at = (n: number, offset: number) => message(`e${n}`, n, { offset });
    expect(await look([at(3, 0), at(1, 1), at(2, 2), at(3, 3)])).toEqual([]);
    expect(await look([at(3, 0), at(1, 1), at(3, 2)])).toEqual(['event e2 is missing']);
  });

  it('numbers with a gap, numbers given twice and a counter that runs ahead', async () => {
    const look = async (numbers: readonly number[], last: number) => {
      const tickets = numbers.map((number) => ({ branch_id: 'b', number: `EB1-T-2026-00000${number}` }));
      const number_counter = [{ branch_id: 'b', year: 2026, last: String(last) }];
      return told(
        await checkNumbers(evidence({ 'tickets.ticket': tickets, 'tickets.number_counter': number_counter })),
      );
    };
    expect(await look([1, 2, 3], 3)).toEqual([]);
    expect(await look([1, 3], 3)).toEqual(['series b 2026: 1 is followed by 3']);
    expect(await look([1, 2, 2], 2)).toEqual(['series b 2026: 2 is followed by 2']);
    expect(await look([1, 2], 3)).toEqual(['the counter of b 2026 stands at 3, not 2']);
  });

  it('trail rows that were altered, are missing or come twice', async () => {
    const at = new Date('2026-03-02T08:00:00Z');
    const content = ['1', 'r1', null, 'unit', 'u1', 'register', 'hq.admin', at.toISOString(), 'k1', null, []];
    const hash = createHash('sha256').update(Buffer.alloc(32)).update(JSON.stringify(content)).digest();
    const sealed = {
      id: 'r1',
      branch_id: null,
      entity: 'unit',
      entity_id: 'u1',
      action: 'register',
      actor: 'hq.admin',
      at,
      correlation_id: 'k1',
      reason: null,
      changes: [],
      chain_seq: '1',
      chain_hash: hash,
    };
    const look = async (rows: readonly object[], key = 'k1') =>
      told(await checkAudit(evidence({ 'organisation.audit': rows }, { commands: [command(key)] })));
    expect(await look([sealed])).toEqual([]);
    expect(await look([{ ...sealed, actor: 'somebody' }])).toEqual(['row r1 does not fit its hash']);
    expect(await look([{ ...sealed, chain_seq: null }])).toEqual(['row r1 is not sealed']);
    expect(await look([sealed], 'k2')).toEqual(['POST /tickets has 0 rows in the trail']);
  });
});
