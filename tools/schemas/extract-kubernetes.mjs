// node tools/schemas/extract-kubernetes.mjs <swagger.json of Kubernetes> <its version>: writes the schemas of the kinds that we use.
import { readFileSync, writeFileSync } from 'node:fs';

const KINDS = [
  'apps/v1 Deployment', 'apps/v1 StatefulSet', 'autoscaling/v2 HorizontalPodAutoscaler', 'batch/v1 CronJob',
  'batch/v1 Job', 'networking.k8s.io/v1 Ingress', 'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget', 'v1 ConfigMap', 'v1 Namespace', 'v1 Secret', 'v1 Service', 'v1 ServiceAccount',
]; // prettier-ignore
const { definitions } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const kinds = {};
for (const [name, definition] of Object.entries(definitions))
  for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
    const key = `${group ? `${group}/` : ''}${version} ${kind}`;
    if (KINDS.includes(key)) kinds[key] = name;
  }

const used = new Map();
const take = (name) => {
  if (used.has(name)) return;
  used.set(name, null);
  used.set(name, plain(definitions[name]));
};

/** Without texts, strict about unknown fields, and with the two kinds of text that may be numbers as well. */
function plain(schema) {
  if (schema.$ref) {
    take(schema.$ref.split('/').at(-1));
    return { $ref: schema.$ref };
  }
  if (schema.format === 'int-or-string') return { type: ['string', 'integer'] };
  const result = {};
  for (const key of ['type', 'enum', 'required']) if (schema[key]) result[key] = schema[key];
  if (schema.items) result.items = plain(schema.items);
  if (schema.properties) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, plain(value)]),
    );
    result.additionalProperties = false;
  }
  if (typeof schema.additionalProperties === 'object')
    result.additionalProperties = plain(schema.additionalProperties);
  return result;
}

for (const name of Object.values(kinds)) take(name);
if (used.has('io.k8s.apimachinery.pkg.api.resource.Quantity'))
  used.set('io.k8s.apimachinery.pkg.api.resource.Quantity', { type: ['string', 'number'] });
const missing = KINDS.filter((key) => !kinds[key]);
if (missing.length > 0) throw new Error(`not in this version: ${missing.join(', ')}`);
const file = new URL('kubernetes.json', import.meta.url);
writeFileSync(
  file,
  `${JSON.stringify({ version: process.argv[3], kinds, definitions: Object.fromEntries(used) })}\n`,
);
console.log(`${file.pathname}: ${used.size} definitions of Kubernetes ${process.argv[3]}`);
