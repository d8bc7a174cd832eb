import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewFile } from './change.js';

/** What becomes of one line of a file: the line that `at` matches is replaced by what `put` makes of it. */
type Edit = Readonly<{ path: string; at: RegExp; put: (line: string) => string }>;

type Manifest = {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
type Lock = { packages: Record<string, object> };

const ROLES = ['owner', 'app', 'worker'];
const COMPOSE = 'docker-compose.yml';
const before = (...lines: string[]) => ({ put: (line: string) => [...lines, line].join('\n') });

/** The lists in the code: contracts, gateway, tools. */
const CODE = (name: string): readonly Edit[] => [
  {
    path: 'libs/contracts/src/contexts.ts',
    at: /^export \* as organisation from/,
    ...before(`export * as ${name} from './${name}/events.js';`),
  },
  {
    path: 'libs/contracts/src/index.ts',
    at: /^export \* from '\.\/organisation\/events\.js';$/,
    ...before(`export * from './${name}/events.js';`),
  },
  {
    path: 'services/gateway/src/routing/api-services.rules.ts',
    at: /^\} as const satisfies Record<string, Answered>;$/,
    ...before(`  ${name}: { collections: ['${name}-notes'], imports: [] },`),
  },
  {
    path: 'tools/src/api-services.ts',
    at: /^\} satisfies Record<string, \(\) => Promise<ServiceCode>>;$/,
    ...before(`  ${name}: () => import('@steward/service-${name}'),`),
  },
  {
    path: 'tools/tsconfig.json',
    at: /^ *\{ "path": "\.\.\/services\/gateway" \}$/,
    ...before(`    { "path": "../services/${name}" },`),
  },
];

/** The lists of `deploy/`: Kubernetes, alerts. */
const DEPLOYMENT = (name: string): readonly Edit[] => [
  { path: 'deploy/kubernetes/base/kustomization.yaml', at: /^ {2}- jobs$/, ...before(`  - ${name}.yaml`) },
  { path: 'deploy/kubernetes/base/jobs/kustomization.yaml', at: /^patches:$/, ...before(`  - ${name}.yaml`) },
  {
    path: 'deploy/kubernetes/base/jobs/provision.yaml',
    at: /^ *tickets,$/,
    put: (line) => `${line}\n${line.replace('tickets', name)}`,
  },
  {
    path: 'deploy/kubernetes/base/gateway.yaml',
    at: /- \{ name: TRUSTED_PROXIES,/,
    ...before(`            - { name: ${name.toUpperCase()}_URL, value: 'http://${name}' }`),
  },
  {
    path: 'deploy/compose/prometheus/alerts.yml',
    at: /or absent_over_time\(process_uptime_seconds\{service_name="organisation"\}/,
    ...before(`          or absent_over_time(process_uptime_seconds{service_name="${name}"}[5m])`),
  },
];

/** The Compose file: databases, the service as a copy of `tickets`, the way to it, its passwords. */
const COMPOSED = (name: string, tickets: string): readonly Edit[] =>
  [
    {
      at: /^ {6}- steward_identity_owner$/,
      ...before(...ROLES.map((role) => `      - steward_${name}_${role}`)),
    },
    { at: /^ {2}gateway:$/, ...before(tickets.replaceAll('tickets', name)) },
    { at: /^ {6}TRUSTED_PROXIES:/, ...before(`      ${name.toUpperCase()}_URL: http://${name}:8080`) },
    {
      at: /^ {6}organisation: \{ condition: service_healthy \}$/,
      ...before(`      ${name}: { condition: service_healthy }`),
    },
    {
      at: /^ {2}steward_identity_owner: \{ file:/,
      ...before(
        ...ROLES.map((role) => `steward_${name}_${role}`).map(
          (secret) => `  ${secret}: { file: deploy/compose/secrets/${secret} }`,
        ),
      ),
    },
  ].map((edit) => ({ path: COMPOSE, ...edit }));

/**
 * The files that list the services as they are with the new one in them; nothing is written. Throws when a file has no
 * place for it any more, or two.
 */
export function editedFiles(repository: string, name: string, manifest: Manifest): NewFile[] {
  const read = (path: string) => readFileSync(join(repository, path), 'utf8');
  const texts = new Map<string, string>();
  const edits = [...CODE(name), ...DEPLOYMENT(name), ...COMPOSED(name, composedTickets(read(COMPOSE)))];
  for (const edit of edits) texts.set(edit.path, edited(texts.get(edit.path) ?? read(edit.path), edit));
  const tools = JSON.parse(read('tools/package.json')) as Manifest;
  tools.dependencies = sorted({ ...tools.dependencies, [`@steward/service-${name}`]: '*' });
  const lock = JSON.parse(read('package-lock.json')) as Lock;
  texts.set('tools/package.json', json(tools));
  texts.set('package-lock.json', json(locked(lock, name, manifest, tools)));
  return [...texts].map(([path, text]) => ({ path, text }));
}

/** `content` with the one line changed that the edit is about. */
export function edited(content: string, { path, at, put }: Edit): string {
  const lines = content.split('\n');
  const places = lines.flatMap((line, i) => (at.test(line) ? [i] : []));
  if (places.length !== 1)
    throw new Error(`${path} has ${places.length} lines like ${at}, but one is needed to add the service.`);
  return lines.with(places[0]!, put(lines[places[0]!]!)).join('\n');
}

/** The two entries of `tickets`, its migration and itself, each up to an empty line. */
function composedTickets(compose: string): string {
  const found = /^ {2}tickets-migrate:\n[^]*?\n\n {2}tickets:\n[^]*?\n\n/m.exec(compose);
  if (!found) throw new Error(`${COMPOSE} has no entries of tickets to copy.`);
  return found[0].replace(/\n$/, '');
}

/** The lock file as npm would write it: the service, the link to it, and who needs it. */
function locked(lock: Lock, name: string, manifest: Manifest, tools: Manifest): Lock {
  const path = `services/${name}`;
  const { version, dependencies, devDependencies } = manifest;
  const packages = {
    ...lock.packages,
    [`node_modules/@steward/service-${name}`]: { resolved: path, link: true },
    [path]: {
      name: `@steward/service-${name}`,
      version,
      dependencies: sorted(dependencies),
      devDependencies: sorted(devDependencies),
    },
    tools: { ...lock.packages['tools'], dependencies: tools.dependencies },
  };
  return { ...lock, packages: sorted(packages) };
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, 'en')));
