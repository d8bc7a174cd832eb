import { Cluster, external, portsOf, type PodTemplate } from './cluster.js';
import { at, listAt, textAt, type Json } from './document.js';
import { idOf } from './kustomize.js';
import type { PlatformFacts } from './platform-facts.js';
import { podProblems } from './pod-check.js';
import { kubernetesSchemaCheck } from './schema.js';

const missingPort = (pods: readonly PodTemplate[], port: string): boolean =>
  port !== '' && !pods.every((pod) => portsOf(pod).includes(port));

function serviceProblems(cluster: Cluster): string[] {
  return cluster.ofKind('Service').flatMap((service) => {
    const pods = cluster.selected({ matchLabels: at(service, 'spec', 'selector') });
    if (pods.length === 0) return [`${idOf(service)}: its selector takes no pod`];
    return listAt(service, 'spec', 'ports')
      .map((port) => textAt(port, 'targetPort'))
      .filter((port) => missingPort(pods, port))
      .map((port) => `${idOf(service)}: its pods have no port ${port}`);
  });
}

function selectorProblems(cluster: Cluster): string[] {
  const budgets = cluster.ofKind('PodDisruptionBudget').map((budget) => ['selector', budget] as const);
  const policies = cluster.ofKind('NetworkPolicy').map((policy) => ['podSelector', policy] as const);
  return [...budgets, ...policies].flatMap(([field, manifest]) => {
    const pods = cluster.selected(at(manifest, 'spec', field));
    if (pods.length === 0) return [`${idOf(manifest)}: its selector takes no pod`];
    const rules = listAt(manifest, 'spec', 'ingress');
    const ports = rules.flatMap((rule) => listAt(rule, 'ports').map((port) => textAt(port, 'port')));
    const peers = rules.flatMap((rule) => listAt(rule, 'from').filter(({ podSelector }) => podSelector));
    return [
      ...[...new Set(ports)]
        .filter((port) => missingPort(pods, port))
        .map((port) => `${idOf(manifest)}: its pods have no port ${port}`),
      ...peers
        .filter(({ podSelector }) => cluster.selected(podSelector).length === 0)
        .map(() => `${idOf(manifest)}: nobody is let in by one of its selectors`),
    ];
  });
}

function ingressProblems(cluster: Cluster): string[] {
  return cluster.ofKind('Ingress').flatMap((ingress) => {
    const secrets = listAt(ingress, 'spec', 'tls').map((tls) => textAt(tls, 'secretName'));
    const backends = listAt(ingress, 'spec', 'rules').flatMap((rule) =>
      listAt(rule, 'http', 'paths').map((path) => at(path, 'backend', 'service')),
    );
    const wrong = backends.filter((backend) => {
      const service = cluster.named('Service', textAt(backend, 'name'));
      const names = listAt(service, 'spec', 'ports').map((port) => textAt(port, 'name'));
      return !names.includes(textAt(backend, 'port', 'name'));
    });
    return [
      ...(secrets.length === 0 ? [`${idOf(ingress)}: is not encrypted`] : []),
      ...secrets
        .filter((name) => !external(cluster.facts)[`Secret/${name}`])
        .map((name) => `${idOf(ingress)}: there is no Secret ${name}`),
      ...wrong.map(
        (backend) => `${idOf(ingress)}: there is no Service ${textAt(backend, 'name')} with that port`,
      ),
    ];
  });
}

function scalingProblems(cluster: Cluster): string[] {
  return cluster.ofKind('HorizontalPodAutoscaler').flatMap((scaler) => {
    const { kind, name } = (at(scaler, 'spec', 'scaleTargetRef') ?? {}) as Record<string, string>;
    return cluster.named(kind ?? '', name ?? '') ? [] : [`${idOf(scaler)}: there is no ${kind} ${name}`];
  });
}

/** Every service is there with all that belongs to it. */
function completeness(cluster: Cluster): string[] {
  const { facts } = cluster;
  const production = textAt(cluster.named('ConfigMap', 'steward'), 'data', 'NODE_ENV') === 'production';
  const tag = textAt(
    cluster.named('Deployment', 'gateway'),
    'spec',
    'template',
    'spec',
    'containers',
    0,
    'image',
  )
    .split(':')
    .at(-1);
  const problems =
    tag === facts.version ? [] : [`the image's tag is ${tag}, the version is ${facts.version}`];
  const need = (kind: string, name: string): void => {
    if (!cluster.named(kind, name)) problems.push(`there is no ${kind} ${name}`);
  };
  for (const name of facts.services) {
    const development = facts.developmentOnly.includes(name);
    if (development && production && cluster.named('Deployment', name))
      problems.push(`${name} is for development only`);
    if (development && production) continue;
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget']) need(kind, name);
    if (development) continue;
    for (const kind of ['HorizontalPodAutoscaler', 'ServiceAccount']) need(kind, name);
    if (facts.owning.includes(name)) need('Job', `${name}-migrate-${facts.version.replaceAll('.', '-')}`);
  }
  return problems;
}

function uniqueness(manifests: readonly Json[]): string[] {
  const ids = manifests.map(idOf);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map(
    (id) => `${id} is there twice`,
  );
}

/** Everything that is wrong with the manifests of one overlay; an empty list when they fit each other and the platform. */
export function kubernetesProblems(manifests: readonly Json[], facts: PlatformFacts): string[] {
  const fits = kubernetesSchemaCheck();
  const cluster = new Cluster(manifests, facts);
  return [
    ...manifests.flatMap((manifest) => fits(manifest).map((problem) => `${idOf(manifest)}: ${problem}`)),
    ...uniqueness(manifests),
    ...(cluster.ofKind('Secret').length > 0 ? ['secrets are not committed'] : []),
    ...completeness(cluster),
    ...podProblems(cluster),
    ...serviceProblems(cluster),
    ...selectorProblems(cluster),
    ...ingressProblems(cluster),
    ...scalingProblems(cluster),
  ];
}
