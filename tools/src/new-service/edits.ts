import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewFile } from './change.js';

/** A line for a file that lists the services. It goes before the one line that `before` matches. */
type Line = Readonly<{ path: string; before: RegExp; text: string }>;

/** Every list of services that is kept by hand, and what a new service adds to it. */
const LINES = (name: string): readonly Line[] => [
  {
    path: 'libs/contracts/src/contexts.ts',
    before: /^export \* as organisation from/,
    text: `export * as ${name} from './${name}/events.js';`,
  },
  {
    path: 'libs/contracts/src/index.ts',
    before: /^export \* from '\.\/organisation\/events\.js';$/,
    text: `export * from './${name}/events.js';`,
  },
  {
    path: 'services/gateway/src/routing/api-services.rules.ts',
    before: /^\} as const satisfies Record<string, Answered>;$/,
    text: `  ${name}: { collections: ['${name}-notes'], imports: [] },`,
  },
  {
    path: 'tools/src/api-services.ts',
    before: /^\} satisfies Record<string, \(\) => Promise<ServiceCode>>;$/,
    text: `  ${name}: () => import('@steward/service-${name}'),`,
  },
  {
    path: 'tools/tsconfig.json',
    before: /^ *\{ "path": "\.\.\/services\/gateway" \}$/,
    text: `    { "path": "../services/${name}" },`,
  },
];

type Manifest = {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
type Lock = { packages: Record<string, object> };

/**
 * The files that list the services as they are with the new one in them; nothing is written. Throws when a file has no
 * place for it any more, or two.
 */
export function editedFiles(repository: string, name: string, manifest: Manifest): NewFile[] {
  const read = (path: string) => readFileSync(join(repository, path), 'utf8');
  const lines = LINES(name).map(({ path, before, text }) => ({
    path,
    text: withLine(path, read(path), before, text),
  }));
  const tools = JSON.parse(read('tools/package.json')) as Manifest;
  tools.dependencies = sorted({ ...tools.dependencies, [`@steward/service-${name}`]: '*' });
  return [
    ...lines,
    { path: 'tools/package.json', text: json(tools) },
    {
      path: 'package-lock.json',
      text: locked(JSON.parse(read('package-lock.json')) as Lock, name, manifest, tools),
    },
  ];
}

/** `content` with a line before the one that matches. */
export function withLine(path: string, content: string, before: RegExp, text: string): string {
  const lines = content.split('\n');
  const places = lines.flatMap((line, i) => (before.test(line) ? [i] : []));
  if (places.length !== 1)
    throw new Error(
      `${path} has ${places.length} lines like ${before}, but one is needed to add the service there.`,
    );
  return lines.toSpliced(places[0]!, 0, text).join('\n');
}

/** The lock file as npm would write it: the service, the link to it, and who needs it. */
function locked(
  lock: Lock,
  name: string,
  { version, dependencies, devDependencies }: Manifest,
  tools: Manifest,
): string {
  const path = `services/${name}`;
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
  return json({ ...lock, packages: sorted(packages) });
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, 'en')));
