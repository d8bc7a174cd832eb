import type { Json } from './document.js';

/** Lists of Kubernetes that a patch merges item by item, and by which field; it replaces all others. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A manifest with a strategic merge patch applied; null in the patch takes a field away. */
export function mergeInto(target: unknown, patch: unknown, field = ''): unknown {
  if (isObject(target) && isObject(patch)) {
    const result: Json = { ...target };
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete result[key];
      else result[key] = key in target ? mergeInto(target[key], value, key) : value;
    }
    return result;
  }
  const key = KEYS[field];
  if (!key || !Array.isArray(target) || !Array.isArray(patch)) return patch;
  const items = [...(target as Json[])];
  for (const item of patch as Json[]) {
    const index = items.findIndex((existing) => existing[key] === item[key]);
    if (index < 0) items.push(item);
    else items[index] = mergeInto(items[index], item) as Json;
  }
  return items;
}
