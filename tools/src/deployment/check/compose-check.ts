import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { at, textAt, type Json } from './document.js';
import { argumentProblem, type PlatformFacts } from './platform-facts.js';
import { composeSchemaCheck } from './schema.js';

const PINNED = /:[^/]*\d[^/]*$/;
const OWN_IMAGE = /^steward:/;
const PUBLISHED = ['gateway', 'grafana', 'identity', 'kafka'];

type Service = Readonly<{ name: string; node: Json }>;

const keysOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : Object.keys(value ?? {});
const isJob = ({ node }: Service): boolean => node.restart === 'no';

/** Networks, volumes, secrets, files and other services that one service names. */
function references(compose: Json, { node }: Service, root: string): string[] {
  const missing = (kind: string, names: readonly string[], known: readonly string[]): string[] =>
    names.filter((name) => !known.includes(name)).map((name) => `there is no ${kind} ${name}`);
  const sources = ((node.volumes ?? []) as string[]).map((volume) => volume.split(':')[0]!);
  const files = sources.filter((source) => source.startsWith('./'));
  const build = at(node, 'build') as Json | undefined;
  const dockerfile = join(textAt(build, 'context'), textAt(build, 'dockerfile') || 'Dockerfile');
  return [
    ...missing('network', keysOf(node.networks), keysOf(compose.networks)),
    ...missing('secret', keysOf(node.secrets), keysOf(compose.secrets)),
    ...missing('service', keysOf(node.depends_on), keysOf(compose.services)),
    ...missing(
      'volume',
      sources.filter((source) => !source.startsWith('./')),
      keysOf(compose.volumes),
    ),
    ...[...files, ...(build ? [dockerfile] : [])]
      .filter((file) => !existsSync(join(root, file)))
      .map((file) => `there is no file ${file}`),
  ];
}

function dependencyProblems(services: readonly Service[], { node }: Service): string[] {
  const wanted = Object.entries((node.depends_on ?? {}) as Record<string, Json>);
  return wanted.flatMap(([name, { condition }]) => {
    const other = services.find((service) => service.name === name);
    if (!other) return [];
    const right = isJob(other) ? 'service_completed_successfully' : 'service_healthy';
    return condition === right ? [] : [`waits for ${name} by ${String(condition)} instead of ${right}`];
  });
}

function upkeep({ name, node }: Service): string[] {
  const healthy = Boolean(at(node, 'healthcheck', 'test'));
  return [
    ...(isJob({ name, node }) || healthy ? [] : ['has no healthcheck']),
    ...(at(node, 'deploy', 'resources', 'limits', 'memory') ? [] : ['has no limit of memory']),
    ...(node.ports && !PUBLISHED.includes(name) ? ['is open to the outside'] : []),
  ];
}

function imageProblems({ node }: Service): string[] {
  const base = at(node, 'build', 'args', 'IMAGE') ?? at(node, 'build', 'args', 'NODE_IMAGE');
  return [node.image, base]
    .filter((image): image is string => typeof image === 'string')
    .map((image) => image.replace(/\$\{\w+:-([^}]*)\}/, '$1'))
    .filter((image) => !PINNED.test(image))
    .map((image) => `the image ${image} has no version`);
}

function ownProblems({ node }: Service, facts: PlatformFacts, services: readonly Service[]): string[] {
  const args = (node.command ?? []) as string[];
  const argument = argumentProblem(args, facts);
  const known = facts.variables[args[0] ?? ''] ?? new Set<string>();
  const secrets = keysOf(node.secrets).map((name) => `/run/secrets/${name}`);
  const environment = Object.entries((node.environment ?? {}) as Json).map(([name, value]) => [
    name,
    String(value),
  ]);
  return [
    ...(argument ? [argument] : []),
    ...environment
      .filter(([name]) => !known.has(name!))
      .map(([name]) => `${args[0]} has no variable ${name}`),
    ...environment
      .filter(([name, value]) => name!.endsWith('_FILE') && !secrets.includes(value!))
      .map(([name, value]) => `${name} names ${value}, which is none of its secrets`),
    ...environment.flatMap(([name, value]) => {
      const host = /^https?:\/\/([a-z-]+):\d+/.exec(value!)?.[1];
      return host && !services.some((service) => service.name === host)
        ? [`${name} names ${value}, but there is no service ${host}`]
        : [];
    }),
    ...(node.read_only === true ? [] : ['may write to its root file system']),
    ...(JSON.stringify(node.cap_drop) === '["ALL"]' ? [] : ['keeps capabilities']),
  ];
}

function completeness(services: readonly Service[], facts: PlatformFacts): string[] {
  const wanted = [...facts.services, ...facts.owning.map((name) => `${name}-migrate`), 'provision'];
  const names = services.map(({ name }) => name);
  const open = services.filter(({ name, node }) => facts.developmentOnly.includes(name) && !node.profiles);
  return [
    ...wanted.filter((name) => !names.includes(name)).map((name) => `there is no service ${name}`),
    ...open.map(({ name }) => `${name}: is for development only, but has no profile`),
  ];
}

function secretProblems(compose: Json, facts: PlatformFacts): string[] {
  const made = Object.entries((compose.secrets ?? {}) as Record<string, Json>);
  const names = made.map(([name]) => name);
  return [
    ...facts.secrets.filter((name) => !names.includes(name)).map((name) => `there is no secret ${name}`),
    ...made
      .filter(([name, { file }]) => basename(String(file)) !== name || !facts.secrets.includes(name))
      .map(([name]) => `secret ${name}: "npm run secrets" makes no such file`),
  ];
}

/**
 * Everything that is wrong with the Compose file; an empty list when it fits its schema, itself, the files beside it and
 * the platform.
 * @param root the folder that relative paths begin at
 */
export function composeProblems(compose: Json, facts: PlatformFacts, root: string): string[] {
  const services = Object.entries((compose.services ?? {}) as Record<string, Json>).map(([name, node]) => ({
    name,
    node,
  }));
  const ofOne = services.flatMap((service) =>
    [
      ...references(compose, service, root),
      ...dependencyProblems(services, service),
      ...upkeep(service),
      ...imageProblems(service),
      ...(OWN_IMAGE.test(textAt(service.node, 'image')) ? ownProblems(service, facts, services) : []),
    ].map((problem) => `${service.name}: ${problem}`),
  );
  return [
    ...composeSchemaCheck()(compose).map((problem) => `schema: ${problem}`),
    ...completeness(services, facts),
    ...secretProblems(compose, facts),
    ...ofOne,
  ];
}
