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

const KUBERNETES = 'deploy/kubernetes/base';

/** What is alike in every service: package, compiler's settings, entrance and manifests are those of `tickets` renamed. */
export function settingsOf(repository: string, name: string): NewFile[] {
  const read = (path: string) => readFileSync(join(repository, path), 'utf8');
  const renamed = (from: string, to: string) => ({ path: to, text: read(from).replaceAll('tickets', name) });
  return [
    renamed('services/tickets/package.json', `services/${name}/package.json`),
    renamed('services/tickets/tsconfig.json', `services/${name}/tsconfig.json`),
    renamed('services/tickets/src/main.ts', `services/${name}/src/main.ts`),
    renamed(`${KUBERNETES}/tickets.yaml`, `${KUBERNETES}/${name}.yaml`),
    renamed(`${KUBERNETES}/jobs/tickets.yaml`, `${KUBERNETES}/jobs/${name}.yaml`),
  ];
}

function named(text: string, name: string): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return text
    .replaceAll(PLACEHOLDER, name)
    .replaceAll(capital(PLACEHOLDER), capital(name))
    .replaceAll(PLACEHOLDER.toUpperCase(), name.toUpperCase());
}
