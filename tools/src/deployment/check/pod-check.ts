import type { Cluster, PodTemplate } from './cluster.js';
import { ownContainerProblems } from './container-check.js';
import { at, listAt, objectsIn, textAt, type Json } from './document.js';

const PINNED = /:[^/]*\d[^/]*$/;
const OWN_IMAGE = /(^|\/)steward:/;

/** ConfigMaps, secrets and their keys that a pod names. */
function referenceProblems(cluster: Cluster, { spec }: PodTemplate): string[] {
  const problems: string[] = [];
  const need = (kind: 'ConfigMap' | 'Secret', name: string, keys: readonly string[]): void => {
    const existing = cluster.keysOf(kind, name);
    if (!existing) problems.push(`there is no ${kind} ${name}`);
    else
      for (const key of keys) if (!existing.includes(key)) problems.push(`${kind} ${name} has no key ${key}`);
  };
  for (const [, node] of objectsIn(spec)) {
    const items = (source: unknown) => listAt(source, 'items').map((item) => textAt(item, 'key'));
    if (node.configMapRef) need('ConfigMap', textAt(node, 'configMapRef', 'name'), []);
    if (node.configMapKeyRef)
      need('ConfigMap', textAt(node, 'configMapKeyRef', 'name'), [textAt(node, 'configMapKeyRef', 'key')]);
    if (node.secretRef) need('Secret', textAt(node, 'secretRef', 'name'), []);
    if (node.secretKeyRef)
      need('Secret', textAt(node, 'secretKeyRef', 'name'), [textAt(node, 'secretKeyRef', 'key')]);
    if (node.configMap) need('ConfigMap', textAt(node, 'configMap', 'name'), items(node.configMap));
    if (node.secret) need('Secret', textAt(node, 'secret', 'secretName'), items(node.secret));
  }
  const account = textAt(spec, 'serviceAccountName');
  if (account && !cluster.named('ServiceAccount', account))
    problems.push(`there is no ServiceAccount ${account}`);
  return problems;
}

function volumeProblems({ spec, claims }: PodTemplate): string[] {
  const volumes = [...listAt(spec, 'volumes').map((volume) => textAt(volume, 'name')), ...claims];
  const mounted = listAt(spec, 'containers').flatMap((container) =>
    listAt(container, 'volumeMounts').map((mount) => textAt(mount, 'name')),
  );
  return [
    ...mounted.filter((name) => !volumes.includes(name)).map((name) => `mounts ${name}, which is no volume`),
    ...volumes
      .filter((name) => !mounted.includes(name))
      .map((name) => `has the volume ${name}, which nothing mounts`),
  ];
}

function containerHardening(container: Json): string[] {
  const context = container.securityContext;
  return [
    ...(at(context, 'allowPrivilegeEscalation') === false ? [] : ['may gain privileges']),
    ...(textAt(context, 'capabilities', 'drop', 0) === 'ALL' ? [] : ['keeps capabilities']),
    ...(at(container, 'resources', 'requests', 'memory') && at(container, 'resources', 'limits', 'memory')
      ? []
      : ['does not say how much memory it needs']),
    ...(PINNED.test(textAt(container, 'image'))
      ? []
      : [`the image ${textAt(container, 'image')} has no version`]),
  ];
}

function hardening({ spec }: PodTemplate): string[] {
  return [
    ...(at(spec, 'securityContext', 'runAsNonRoot') === true ? [] : ['may run as root']),
    ...(textAt(spec, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault'
      ? []
      : ['has no seccomp profile']),
    ...(spec.automountServiceAccountToken === false ? [] : ["gets the cluster's token"]),
  ];
}

/** A pod must live longer than its services take to stop. */
function endingProblems(cluster: Cluster, { owner, spec }: PodTemplate): string[] {
  const limit = spec.terminationGracePeriodSeconds;
  if (!owner.startsWith('Deployment ') || typeof limit !== 'number') return [];
  const shutdownMs = Number(at(cluster.named('ConfigMap', 'steward'), 'data', 'SHUTDOWN_MS') ?? 10_000);
  const sleep = Number(at(spec, 'containers', 0, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0);
  const needed = sleep + shutdownMs / 1000 + 15;
  return limit >= needed ? [] : [`is killed after ${limit} s, but needs ${needed} s to stop`];
}

/** What is wrong with the pods of a rendered overlay; each line begins with the owner of the pod. */
export function podProblems(cluster: Cluster): string[] {
  return cluster.pods.flatMap((pod) =>
    [
      ...referenceProblems(cluster, pod),
      ...volumeProblems(pod),
      ...hardening(pod),
      ...endingProblems(cluster, pod),
      ...listAt(pod.spec, 'containers').flatMap((container) => [
        ...containerHardening(container),
        ...(OWN_IMAGE.test(textAt(container, 'image')) ? ownContainerProblems(cluster, pod, container) : []),
      ]),
    ].map((problem) => `${pod.owner}: ${problem}`),
  );
}
