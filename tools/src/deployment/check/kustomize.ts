import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, listAt, readDocuments, textAt, type Json } from './document.js';
import { mergeInto } from './strategic-merge.js';

const KNOWN = new Set([
  'apiVersion',
  'kind',
  'namespace',
  'nameSuffix',
  'labels',
  'images',
  'resources',
  'patches',
]);
const CLUSTER_WIDE = new Set(['Namespace']);

/** `Kind/name` of a manifest. */
export const idOf = (manifest: Json): string =>
  `${textAt(manifest, 'kind')}/${textAt(manifest, 'metadata', 'name')}`;

/**
 * What `kustomize build` makes of a folder, as far as our files use it; anything else in a kustomization is refused, so
 * that nothing is passed over in silence.
 * @throws Error naming the file that is missing or the patch that matches nothing
 */
export function render(folder: string): Json[] {
  const file = join(folder, 'kustomization.yaml');
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  const [kustomization = {}] = readDocuments(file);
  const strange = Object.keys(kustomization).filter((key) => !KNOWN.has(key));
  if (strange.length > 0) throw new Error(`${file}: not understood here: ${strange.join(', ')}`);
  let manifests = ((kustomization.resources ?? []) as string[]).flatMap((name) => resources(folder, name));
  for (const patch of listAt(kustomization, 'patches')) manifests = patched(manifests, patch, file);
  return manifests.map((manifest) => transformed(manifest, kustomization));
}

function resources(folder: string, name: string): Json[] {
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`${join(folder, 'kustomization.yaml')}: there is no ${name}`);
  return statSync(path).isDirectory() ? render(path) : readDocuments(path);
}

function patched(manifests: Json[], entry: Json, file: string): Json[] {
  const path = join(dirname(file), textAt(entry, 'path'));
  if (!existsSync(path)) throw new Error(`${file}: there is no ${textAt(entry, 'path')}`);
  return readDocuments(path).reduce((all, patch) => {
    const target = (entry.target ?? { kind: patch.kind, name: at(patch, 'metadata', 'name') }) as Json;
    if (!all.some((manifest) => matches(manifest, target)))
      throw new Error(`${file}: the patch ${textAt(entry, 'path')} matches nothing`);
    return all.flatMap((manifest) => (matches(manifest, target) ? applied(manifest, patch) : [manifest]));
  }, manifests);
}

function matches(manifest: Json, { kind, name, labelSelector }: Json): boolean {
  const [key, value] = typeof labelSelector === 'string' ? labelSelector.split('=') : [];
  return (
    (kind === undefined || manifest.kind === kind) &&
    (name === undefined || at(manifest, 'metadata', 'name') === name) &&
    (key === undefined || at(manifest, 'metadata', 'labels', key) === value)
  );
}

function applied(manifest: Json, patch: Json): Json[] {
  if (patch.$patch === 'delete') return [];
  const metadata = { ...(patch.metadata as Json), name: at(manifest, 'metadata', 'name') };
  return [mergeInto(manifest, { ...patch, metadata }) as Json];
}

function transformed(manifest: Json, { namespace, nameSuffix = '', labels = [], images = [] }: Json): Json {
  const metadata: Json = { name: `${textAt(manifest, 'metadata', 'name')}${nameSuffix as string}` };
  if (namespace && !CLUSTER_WIDE.has(String(manifest.kind))) metadata.namespace = namespace;
  let result = mergeInto(manifest, { metadata });
  for (const { pairs, includeTemplates } of labels as Json[]) {
    result = mergeInto(result, { metadata: { labels: pairs } });
    if (includeTemplates && at(result, 'spec', 'template'))
      result = mergeInto(result, { spec: { template: { metadata: { labels: pairs } } } });
  }
  return withImages(result, images as Json[]) as Json;
}

function withImages(value: unknown, images: readonly Json[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withImages(item, images));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === 'image' && typeof child === 'string' ? imageName(child, images) : withImages(child, images),
    ]),
  );
}

function imageName(image: string, images: readonly Json[]): string {
  const [name] = image.split(/:(?=[^/]*$)/);
  const entry = images.find((candidate) => candidate.name === name);
  if (!entry) return image;
  return `${textAt(entry, 'newName') || name}:${textAt(entry, 'newTag')}`;
}
