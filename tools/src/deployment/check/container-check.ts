import { posix } from 'node:path';
import type { Cluster, PodTemplate } from './cluster.js';
import { at, listAt, textAt, type Json } from './document.js';
import { argumentProblem, isProbePath } from './platform-facts.js';

/** Files that the volumes of a pod put into a container, by path; a folder whose files nobody knows ends in a slash. */
function mountedFiles(cluster: Cluster, pod: PodTemplate, container: Json): string[] {
  return listAt(container, 'volumeMounts').flatMap((mount) => {
    const path = textAt(mount, 'mountPath');
    const volume = listAt(pod.spec, 'volumes').find(({ name }) => name === mount.name);
    const source = (volume?.secret ?? volume?.configMap) as Json | undefined;
    if (!source) return [`${path}/`];
    const items = listAt(source, 'items').map((item) => textAt(item, 'path'));
    const kind = volume?.secret ? 'Secret' : 'ConfigMap';
    const name = textAt(source, volume?.secret ? 'secretName' : 'name');
    return (items.length > 0 ? items : (cluster.keysOf(kind, name) ?? [])).map((file) =>
      posix.join(path, file),
    );
  });
}

/** All variables of a container with their values, those of its ConfigMaps included. */
function environmentOf(cluster: Cluster, container: Json): Map<string, string> {
  const result = new Map<string, string>();
  for (const source of listAt(container, 'envFrom')) {
    const data = at(cluster.named('ConfigMap', textAt(source, 'configMapRef', 'name')), 'data') ?? {};
    for (const [name, value] of Object.entries(data as Json)) result.set(name, String(value));
  }
  for (const variable of listAt(container, 'env'))
    result.set(textAt(variable, 'name'), textAt(variable, 'value'));
  return result;
}

function environmentProblems(cluster: Cluster, pod: PodTemplate, container: Json): string[] {
  const problems: string[] = [];
  const [program = ''] = (container.args ?? []) as string[];
  const known = cluster.facts.variables[program] ?? new Set<string>();
  const variables = listAt(container, 'env');
  const used = new Set(
    variables.flatMap(({ value }) => [...String(value).matchAll(/\$\((\w+)\)/g)].map(([, name]) => name!)),
  );
  const shared = new Set(
    listAt(container, 'envFrom').flatMap(
      (source) => cluster.keysOf('ConfigMap', textAt(source, 'configMapRef', 'name')) ?? [],
    ),
  );
  const before = new Set<string>();
  for (const { name, value } of variables as { name: string; value?: unknown }[]) {
    for (const [, part] of String(value).matchAll(/\$\((\w+)\)/g))
      if (!before.has(part!)) problems.push(`${name} uses $(${part}), which is not set before it`);
    before.add(name);
    if (!known.has(name) && !used.has(name)) problems.push(`${program} has no variable ${name}`);
  }
  const readByNobody = [...shared].filter(
    (name) => !Object.values(cluster.facts.variables).some((set) => set.has(name)),
  );
  problems.push(...readByNobody.map((name) => `no service has the variable ${name}`));
  const files = mountedFiles(cluster, pod, container);
  for (const [name, value] of environmentOf(cluster, container)) {
    const path = name.endsWith('_FILE') && known.has(name) ? value : undefined;
    if (path && !files.some((file) => file === path || (file.endsWith('/') && path.startsWith(file))))
      problems.push(`${name} names ${path}, which no volume brings`);
  }
  return problems;
}

function addressProblems(cluster: Cluster, container: Json): string[] {
  return [...environmentOf(cluster, container)].flatMap(([name, value]) => {
    const host = /^https?:\/\/([a-z-]+)(?::(\d+))?(?:\/|$)/.exec(value);
    if (!host) return [];
    const service = cluster.named('Service', host[1]!);
    if (!service) return [`${name} names ${value}, but there is no Service ${host[1]}`];
    const ports = listAt(service, 'spec', 'ports').map((port) => textAt(port, 'port'));
    return ports.includes(host[2] ?? '80') ? [] : [`${name} names ${value}, which is no port of the Service`];
  });
}

function probeProblems(container: Json): string[] {
  const ports = listAt(container, 'ports').flatMap((port) => [
    textAt(port, 'name'),
    textAt(port, 'containerPort'),
  ]);
  return ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((name) => {
    const probe = container[name] as Json | undefined;
    if (!probe) return [`has no ${name}`];
    const port = textAt(probe, 'httpGet', 'port');
    const path = textAt(probe, 'httpGet', 'path');
    return [
      ...(ports.includes(port) ? [] : [`${name} asks port ${port}, which the container does not have`]),
      ...(isProbePath(path) ? [] : [`${name} asks ${path}, which no service answers`]),
    ];
  });
}

/** What is wrong with a container of our own image. */
export function ownContainerProblems(cluster: Cluster, pod: PodTemplate, container: Json): string[] {
  const argument = argumentProblem((container.args ?? []) as string[], cluster.facts);
  return [
    ...(argument ? [argument] : []),
    ...environmentProblems(cluster, pod, container),
    ...addressProblems(cluster, container),
    ...(pod.owner.startsWith('Job ') ? [] : probeProblems(container)),
    ...(at(container, 'securityContext', 'readOnlyRootFilesystem') === true
      ? []
      : ['may write to its root file system']),
  ];
}
