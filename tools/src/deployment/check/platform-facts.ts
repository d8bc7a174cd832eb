import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '../../services.js';
import { secretNames } from '../secrets.js';
import { REPOSITORY } from './document.js';

/** What a deployment must agree with: what the code really reads, offers and is called. */
export type PlatformFacts = Readonly<{
  services: readonly string[];
  /** those with a database, hence with a migration of their own */
  owning: readonly string[];
  /** the development issuer, which no production has */
  developmentOnly: readonly string[];
  /** variables that each program reads, `provision` included */
  variables: Readonly<Record<string, ReadonlySet<string>>>;
  secrets: readonly string[];
  version: string;
}>;

const DEVELOPMENT_ONLY = ['identity'];
const PROVISION = ['ADMIN_DATABASE_URL', 'ADMIN_DATABASE_PASSWORD'];
const PATHS = ['/health/live', '/health/ready'];

/** The addresses that probes may ask. */
export const isProbePath = (path: string): boolean => PATHS.includes(path);

type ServiceModule = { environmentSchema: { shape: Record<string, unknown> } };

/** Reads the facts from the services' own configuration schemas. */
export async function platformFacts(): Promise<PlatformFacts> {
  const variables: Record<string, ReadonlySet<string>> = { provision: new Set(withFiles(PROVISION)) };
  for (const { name } of SERVICES) {
    const { environmentSchema } = (await import(`@steward/service-${name}`)) as ServiceModule;
    variables[name] = new Set(withFiles(Object.keys(environmentSchema.shape)));
  }
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    services: SERVICES.map(({ name }) => name),
    owning: SERVICES.filter(({ ownsDatabase }) => ownsDatabase).map(({ name }) => name),
    developmentOnly: DEVELOPMENT_ONLY,
    variables,
    secrets: secretNames(),
    version,
  };
}

/** Any variable may come from a file. */
const withFiles = (names: readonly string[]): string[] => names.flatMap((name) => [name, `${name}_FILE`]);

/**
 * What is wrong with the arguments of our image; undefined when they start something that exists.
 * @param args service and, for its job, `migrate`; or `provision` with its options
 */
export function argumentProblem(args: readonly string[], facts: PlatformFacts): string | undefined {
  const [name = '', task, ...rest] = args;
  if (name === 'provision') return undefined;
  if (!facts.services.includes(name)) return `the image has no service "${name}"`;
  if (task === undefined) return undefined;
  return task === 'migrate' && rest.length === 0 && facts.owning.includes(name)
    ? undefined
    : `${name} does not know the arguments "${[task, ...rest].join(' ')}"`;
}
