import { randomBytes } from 'node:crypto';

/** Gives a lower-case name that no other test uses; fits database, role, group and topic names. */
export function uniqueName(stem = 'test'): string {
  return `${stem}_${process.pid.toString(36)}${randomBytes(4).toString('hex')}`;
}

/** Gives a prefix for topics of one spec file, so that files that share a broker never read each other's events. */
export function testTopicPrefix(): string {
  return `${uniqueName('t')}.`;
}
