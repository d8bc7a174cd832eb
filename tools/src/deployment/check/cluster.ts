import { at, listAt, textAt, type Json } from './document.js';
import type { PlatformFacts } from './platform-facts.js';

/** What operators make in the cluster and no manifest holds: secrets and certificates, with their keys. */
export const external = (facts: PlatformFacts): Readonly<Record<string, readonly string[]>> => ({
  'Secret/steward-secrets': facts.secrets,
  'Secret/steward-tls': ['tls.crt', 'tls.key'],
  'Secret/steward-kafka': ['password'],
  'ConfigMap/steward-ca': ['database.pem', 'kafka.pem'],
});

/** A pod as a Deployment, StatefulSet or Job describes it. */
export type PodTemplate = Readonly<{ owner: string; labels: Json; spec: Json; claims: readonly string[] }>;

/** The rendered manifests of one overlay, to look things up in. */
export class Cluster {
  constructor(
    readonly manifests: readonly Json[],
    readonly facts: PlatformFacts,
  ) {}

  ofKind(...kinds: readonly string[]): Json[] {
    return this.manifests.filter(({ kind }) => kinds.includes(String(kind)));
  }

  named(kind: string, name: string): Json | undefined {
    return this.ofKind(kind).find((manifest) => textAt(manifest, 'metadata', 'name') === name);
  }

  get pods(): PodTemplate[] {
    return this.ofKind('Deployment', 'StatefulSet', 'Job').map((manifest) => ({
      owner: `${String(manifest.kind)} ${textAt(manifest, 'metadata', 'name')}`,
      labels: (at(manifest, 'spec', 'template', 'metadata', 'labels') ?? {}) as Json,
      spec: (at(manifest, 'spec', 'template', 'spec') ?? {}) as Json,
      claims: listAt(manifest, 'spec', 'volumeClaimTemplates').map((claim) =>
        textAt(claim, 'metadata', 'name'),
      ),
    }));
  }

  /** Pods that a label selector takes; all of them for an empty one. */
  selected(selector: unknown): PodTemplate[] {
    const wanted = Object.entries((at(selector, 'matchLabels') ?? {}) as Json);
    return this.pods.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  }

  /** The keys of a ConfigMap or Secret, whoever makes it; undefined when nobody does. */
  keysOf(kind: 'ConfigMap' | 'Secret', name: string): readonly string[] | undefined {
    const manifest = this.named(kind, name);
    if (manifest) return Object.keys(manifest.data ?? manifest.stringData ?? {});
    return external(this.facts)[`${kind}/${name}`];
  }
}

/** Numbers or names of the ports of a pod. */
export const portsOf = ({ spec }: PodTemplate): string[] =>
  listAt(spec, 'containers').flatMap((container) =>
    listAt(container, 'ports').flatMap((port) => [textAt(port, 'name'), textAt(port, 'containerPort')]),
  );
