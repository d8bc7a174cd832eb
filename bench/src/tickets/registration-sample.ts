import { newId } from '@steward/kernel';
import { shardOf } from '@steward/messaging';

/** A registration as the service sent it: the statement's name and text, and its parameters. */
export type SentStatement = Readonly<{
  name: string;
  text: string;
  values: readonly (string | number | null)[];
}>;

/** What tells one registration from the next in all its parameters. */
export type Identity = Readonly<{
  ticketId: string;
  eventId: string;
  auditId: string;
  branchId: string;
  branchCode: string;
  key: string;
}>;

/** A registration that was caught, with what is to be exchanged in it. */
export type Sample = Readonly<{ statement: SentStatement; identity: Identity }>;

type Slot = keyof Identity | 'shard';
type Part = string | Readonly<{ slot: Slot }>;

/**
 * Makes the parameters of further registrations from one that was caught: the same texts with other ids. They are cut
 * up once, so that a server which sends them spends next to nothing on it.
 */
export class RegistrationTemplate {
  private readonly parts: readonly (readonly Part[] | number | null)[];

  constructor({ statement, identity }: Sample) {
    const shard = `"shard":${shardOf(identity.ticketId)}`;
    const marks = new Map<string, Slot>(
      Object.entries(identity).map(([slot, text]) => [text, slot as keyof Identity]),
    );
    // the branch's code stands in the prefix of its numbers only: `B01-T-2026-`
    marks.delete(identity.branchCode);
    marks.set(`${identity.branchCode}-`, 'branchCode');
    marks.set(shard, 'shard');
    this.parts = statement.values.map((value) => (typeof value === 'string' ? cut(value, marks) : value));
  }

  /** The parameters of one more registration in a branch. */
  next(branch: Readonly<{ id: string; code: string }>, key: string): unknown[] {
    const ticketId = newId();
    const filled: Record<Slot, string> = {
      ticketId,
      eventId: newId(),
      auditId: newId(),
      branchId: branch.id,
      branchCode: `${branch.code}-`,
      key,
      shard: `"shard":${shardOf(ticketId)}`,
    };
    return this.parts.map((parts) => (Array.isArray(parts) ? join(parts as Part[], filled) : parts));
  }
}

function cut(text: string, marks: ReadonlyMap<string, Slot>): Part[] {
  const any = new RegExp(
    `(${[...marks.keys()].map((mark) => mark.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`,
  );
  return text
    .split(any)
    .filter((part) => part !== '')
    .map((part) => {
      const slot = marks.get(part);
      return slot === undefined ? part : { slot };
    });
}

function join(parts: readonly Part[], filled: Readonly<Record<Slot, string>>): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : filled[part.slot];
  return text;
}
