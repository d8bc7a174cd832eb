import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from './check/document.js';
import { kubernetesProblems } from './check/kubernetes-check.js';
import { render } from './check/kustomize.js';
import { platformFacts, type PlatformFacts } from './check/platform-facts.js';
import { external } from './check/cluster.js';

const FOLDER = join(REPOSITORY, 'deploy/kubernetes');
type Overlay = 'production' | 'local';

describe('manifests for Kubernetes', () => {
  let facts: PlatformFacts;
  beforeAll(async () => {
    facts = await platformFacts();
  }, 180_000);

  const problems = (folder: string, overlay: Overlay): string[] => {
    try {
      return kubernetesProblems(render(join(folder, 'overlays', overlay)), facts);
    } catch (error) {
      return [(error as Error).message.replaceAll(folder, '')];
    }
  };

  /** The problems of a copy in which one text of one file is another. */
  const broken = (overlay: Overlay, file: string, text: string | RegExp, other: string): string[] => {
    const copy = mkdtempSync(join(tmpdir(), 'steward-manifests-'));
    cpSync(FOLDER, copy, { recursive: true });
    const before = readFileSync(join(copy, file), 'utf8');
    const after = before.replace(text, other);
    if (after === before) throw new Error(`${file} does not hold ${String(text)}`);
    writeFileSync(join(copy, file), after);
    const found = problems(copy, overlay);
    rmSync(copy, { recursive: true, force: true });
    return found;
  };

  it.each(['production', 'local'] as const)(
    'of the overlay %s fit their schemas, each other and the services',
    (overlay) => {
      expect(problems(FOLDER, overlay)).toEqual([]);
    },
  );

  it('leave to operators only what the handbook names', () => {
    const text = readFileSync(join(REPOSITORY, 'deploy/README.md'), 'utf8');
    const names = Object.keys(external(facts)).map((id) => id.split('/')[1]!);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it.each<[string, Overlay, string, string | RegExp, string, string]>([
    [
      'an unknown field',
      'production',
      'base/tickets.yaml',
      'maxUnavailable: 1',
      'maxUnavailabel: 1',
      'PodDisruptionBudget/tickets: /spec must NOT have additional properties (maxUnavailabel)',
    ],
    [
      'a wrong type',
      'production',
      'base/tickets.yaml',
      'minReplicas: 2',
      'minReplicas: two',
      'HorizontalPodAutoscaler/tickets: /spec/minReplicas must be integer',
    ],
    [
      'a missing resource',
      'production',
      'base/kustomization.yaml',
      '- insights.yaml',
      '- insight.yaml',
      '/base/kustomization.yaml: there is no insight.yaml',
    ],
    [
      'a missing service',
      'production',
      'base/kustomization.yaml',
      '  - insights.yaml\n',
      '',
      'there is no Deployment insights',
    ],
    [
      'a missing job',
      'production',
      'base/jobs/kustomization.yaml',
      '  - tickets.yaml\n',
      '',
      'there is no Job tickets-migrate-0-1-0',
    ],
    [
      'a job of another version',
      'production',
      'base/jobs/kustomization.yaml',
      '-0-1-0',
      '-0-0-9',
      'there is no Job organisation-migrate-0-1-0',
    ],
    [
      'a patch for nobody',
      'production',
      'base/kustomization.yaml',
      'steward.part=service',
      'steward.part=servce',
      '/base/kustomization.yaml: the patch workload.yaml matches nothing',
    ],
    [
      'a generator that nobody checks',
      'production',
      'base/kustomization.yaml',
      'resources:',
      'configMapGenerator: []\nresources:',
      '/base/kustomization.yaml: not understood here: configMapGenerator',
    ],
    [
      'a service that does not exist',
      'production',
      'base/tickets.yaml',
      'args: [tickets]',
      'args: [ticket]',
      'Deployment tickets: the image has no service "ticket"',
    ],
    [
      'a task that does not exist',
      'production',
      'base/jobs/tickets.yaml',
      '[tickets, migrate]',
      '[tickets, migrat]',
      'Job tickets-migrate-0-1-0: tickets does not know the arguments "migrat"',
    ],
    [
      'a variable that nobody reads',
      'production',
      'base/tickets.yaml',
      'name: DATABASE_PASSWORD_FILE',
      'name: DATABASE_PASWORD_FILE',
      'Deployment tickets: tickets has no variable DATABASE_PASWORD_FILE',
    ],
    [
      'a shared variable that nobody reads',
      'production',
      'base/settings.yaml',
      'LOG_LEVEL',
      'LOGLEVEL',
      'Deployment tickets: no service has the variable LOGLEVEL',
    ],
    [
      'a value before its parts',
      'production',
      'base/tickets.yaml',
      /name: DATABASE_HOST/,
      'name: DATABASE_HOTS',
      'Deployment tickets: DATABASE_URL uses $(DATABASE_HOST), which is not set before it',
    ],
    [
      'an unknown ConfigMap',
      'production',
      'base/tickets.yaml',
      'configMapRef: { name: steward-owning }',
      'configMapRef: { name: steward-own }',
      'Deployment tickets: there is no ConfigMap steward-own',
    ],
    [
      'an unknown key',
      'production',
      'base/tickets.yaml',
      'key: host',
      'key: hots',
      'Deployment tickets: ConfigMap steward-database has no key hots',
    ],
    [
      'an unknown secret',
      'production',
      'base/tickets.yaml',
      'secretName: steward-secrets',
      'secretName: steward-secret',
      'Deployment tickets: there is no Secret steward-secret',
    ],
    [
      'an unknown key of a secret',
      'production',
      'base/tickets.yaml',
      'key: steward_tickets_app',
      'key: steward_ticket_app',
      'Deployment tickets: Secret steward-secrets has no key steward_ticket_app',
    ],
    [
      'a file that no volume brings',
      'production',
      'base/tickets.yaml',
      'path: steward_tickets_app',
      'path: app',
      'Deployment tickets: DATABASE_PASSWORD_FILE names /run/secrets/steward/steward_tickets_app, which no volume brings',
    ],
    [
      'a certificate that no volume brings',
      'production',
      'overlays/production/settings.yaml',
      'kafka.pem',
      'ca.pem',
      'Deployment tickets: KAFKA_CA_FILE names /run/ca/ca.pem, which no volume brings',
    ],
    [
      'a mount without a volume',
      'production',
      'base/tickets.yaml',
      '{ name: secrets, mountPath',
      '{ name: secret, mountPath',
      'Deployment tickets: mounts secret, which is no volume',
    ],
    [
      'an unknown account',
      'production',
      'base/tickets.yaml',
      'serviceAccountName: tickets',
      'serviceAccountName: ticket',
      'Deployment tickets: there is no ServiceAccount ticket',
    ],
    [
      'a probe of another port',
      'production',
      'base/workload.yaml',
      'path: /health/ready, port: http',
      'path: /health/ready, port: https',
      'Deployment tickets: readinessProbe asks port https, which the container does not have',
    ],
    [
      'a probe of another path',
      'production',
      'base/workload.yaml',
      '/health/ready',
      '/healthz',
      'Deployment tickets: readinessProbe asks /healthz, which no service answers',
    ],
    [
      'no readiness probe',
      'production',
      'base/workload.yaml',
      'readinessProbe:',
      'x:',
      'Deployment tickets: has no readinessProbe',
    ],
    [
      'a pod that may be root',
      'production',
      'base/workload.yaml',
      'runAsNonRoot: true',
      'runAsNonRoot: false',
      'Deployment tickets: may run as root',
    ],
    [
      'a writable root',
      'production',
      'base/workload.yaml',
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: false',
      'Deployment tickets: may write to its root file system',
    ],
    [
      'a pod that is killed while it stops',
      'production',
      'base/settings.yaml',
      "SHUTDOWN_MS: '15000'",
      "SHUTDOWN_MS: '60000'",
      'Deployment tickets: is killed after 50 s, but needs 80 s to stop',
    ],
    [
      'an address of no Service',
      'production',
      'base/gateway.yaml',
      'http://tickets',
      'http://ticket',
      'Deployment gateway: TICKETS_URL names http://ticket, but there is no Service ticket',
    ],
    [
      'a Service without pods',
      'production',
      'base/tickets.yaml',
      'selector: { app.kubernetes.io/name: tickets }',
      'selector: { app.kubernetes.io/name: ticket }',
      'Service/tickets: its selector takes no pod',
    ],
    [
      'a Service of another port',
      'production',
      'base/tickets.yaml',
      'targetPort: http',
      'targetPort: web',
      'Service/tickets: its pods have no port web',
    ],
    [
      'a budget without pods',
      'production',
      'base/tickets.yaml',
      /(PodDisruptionBudget[\s\S]*?matchLabels: \{ app.kubernetes.io\/name: )tickets/,
      '$1ticket',
      'PodDisruptionBudget/tickets: its selector takes no pod',
    ],
    [
      'a policy that lets nobody in',
      'production',
      'base/network.yaml',
      /(- podSelector:\s+matchLabels: \{ app.kubernetes.io\/name: )gateway/,
      '$1door',
      'NetworkPolicy/services-from-gateway: nobody is let in by one of its selectors',
    ],
    [
      'a scaler of nothing',
      'production',
      'base/tickets.yaml',
      'kind: Deployment, name: tickets',
      'kind: Deployment, name: ticket',
      'HorizontalPodAutoscaler/tickets: there is no Deployment ticket',
    ],
    [
      'an ingress without encryption',
      'production',
      'base/gateway.yaml',
      /  tls:\n.*\n.*\n/,
      '',
      'Ingress/gateway: is not encrypted',
    ],
    [
      'an ingress to nowhere',
      'production',
      'base/gateway.yaml',
      'service: { name: gateway',
      'service: { name: gate',
      'Ingress/gateway: there is no Service gate with that port',
    ],
    [
      'an image without a version',
      'local',
      'overlays/local/postgres.yaml',
      'postgres:18.1-bookworm',
      'postgres:latest',
      'StatefulSet postgres: the image postgres:latest has no version',
    ],
    [
      'another tag than the version',
      'production',
      'overlays/production/kustomization.yaml',
      'newTag: 0.1.0',
      'newTag: 0.2.0',
      "the image's tag is 0.2.0, the version is 0.1.0",
    ],
    [
      'the development issuer in production',
      'local',
      'overlays/local/settings.yaml',
      'NODE_ENV: development',
      'NODE_ENV: production',
      'identity is for development only',
    ],
    [
      'a committed secret',
      'local',
      'overlays/local/kafka.yaml',
      'apiVersion: v1\n',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\n---\napiVersion: v1\n',
      'secrets are not committed',
    ],
  ])('are refused with %s', (_case, overlay, file, text, other, problem) => {
    expect(broken(overlay, file, text, other)).toContain(problem);
  });
});
