import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { REPOSITORY, textAt, type Json } from './document.js';

const read = (name: string): Json =>
  JSON.parse(readFileSync(join(REPOSITORY, 'tools/schemas', name), 'utf8')) as Json;

const told = (validate: ValidateFunction, value: unknown): string[] => {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const { additionalProperty, unevaluatedProperty } = params as Record<string, string | undefined>;
    const extra = additionalProperty ?? unevaluatedProperty;
    return `${instancePath || '/'} ${message ?? ''}${extra ? ` (${extra})` : ''}`;
  });
};

function makeComposeCheck(): (compose: Json) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { duration: true } });
  const validate = ajv.compile(read('compose-spec.json'));
  return (compose) => told(validate, compose);
}

function makeKubernetesCheck(): (manifest: Json) => string[] {
  const { kinds, definitions } = read('kubernetes.json') as {
    kinds: Record<string, string>;
    definitions: Json;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'kubernetes', definitions });
  return (manifest) => {
    const key = `${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')}`;
    const name = kinds[key];
    if (!name) return [`there is no schema of ${key}`];
    return told(ajv.getSchema(`kubernetes#/definitions/${name}`)!, manifest);
  };
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

/** Checks a Compose file against the Compose Specification; gives what does not fit. */
export const composeSchemaCheck = once(makeComposeCheck);

/** Checks a manifest against the schema of its kind, unknown fields included; gives what does not fit. */
export const kubernetesSchemaCheck = once(makeKubernetesCheck);
