import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { NewFile } from './change.js';

/** The name that stands for the service's in the template. */
const PLACEHOLDER = 'newcomer';

/** Where the parts of the template go. */
const PLACES = (name: string): Readonly<Record<string, string>> => ({
  service: `services/${name}`,
  contracts: `libs/contracts/src/${name}`,
});

/** Every file of a new service with its path in the repository, with the service's name in place of the placeholder. */
export function filesOf(repository: string, name: string): NewFile[] {
  const folder = join(repository, 'tools/template');
  return Object.entries(PLACES(name)).flatMap(([part, place]) =>
    readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return {
          path: join(place, named(relative(join(folder, part), path), name)),
          text: named(readFileSync(path, 'utf8'), name),
        };
      }),
  );
}

/** What is alike in every service: package, compiler's settings and entrance are those of `tickets` under another name. */
export function settingsOf(repository: string, name: string): NewFile[] {
  const read = (file: string) => readFileSync(join(repository, 'services/tickets', file), 'utf8');
  const manifest = JSON.parse(read('package.json')) as { name: string; nx: { tags: string[] } };
  manifest.name = `@steward/service-${name}`;
  manifest.nx.tags = ['type:service', `scope:${name}`];
  return [
    { path: `services/${name}/package.json`, text: JSON.stringify(manifest, null, 2) },
    { path: `services/${name}/tsconfig.json`, text: read('tsconfig.json') },
    { path: `services/${name}/src/main.ts`, text: read('src/main.ts').replaceAll('tickets', name) },
  ];
}

function named(text: string, name: string): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return text
    .replaceAll(PLACEHOLDER, name)
    .replaceAll(capital(PLACEHOLDER), capital(name))
    .replaceAll(PLACEHOLDER.toUpperCase(), name.toUpperCase());
}
