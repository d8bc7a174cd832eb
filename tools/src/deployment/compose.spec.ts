import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { composeProblems } from './check/compose-check.js';
import { parseDocuments, REPOSITORY, type Json } from './check/document.js';
import { platformFacts, type PlatformFacts } from './check/platform-facts.js';

const FILE = join(REPOSITORY, 'docker-compose.yml');
const TEXT = readFileSync(FILE, 'utf8');

describe('docker-compose.yml', () => {
  let facts: PlatformFacts;
  beforeAll(async () => {
    facts = await platformFacts();
  }, 180_000);

  const problems = (text: string): string[] => {
    const [compose] = parseDocuments(text, FILE) as [Json];
    return composeProblems(compose, facts, REPOSITORY);
  };
  const broken = (text: string | RegExp, other: string): string[] => {
    const changed = TEXT.replace(text, other);
    if (changed === TEXT) throw new Error(`the file does not hold ${String(text)}`);
    return problems(changed);
  };

  it('fits the Compose Specification, itself, its files and the services', () => {
    expect(problems(TEXT)).toEqual([]);
  });

  const installed = spawnSync('docker-compose', ['version']).error === undefined;
  it(`is understood by docker-compose${installed ? '' : ' (not run: docker-compose is not installed here)'}`, () => {
    if (!installed) return;
    const env = { ...process.env, OIDC_ISSUER: 'https://login.example.com' };
    const { status, stderr } = spawnSync('docker-compose', ['-f', FILE, 'config', '-q'], {
      env,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const { OIDC_ISSUER: _, ...without } = env;
    const refused = spawnSync('docker-compose', ['-f', FILE, 'config', '-q'], {
      env: without,
      encoding: 'utf8',
    });
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('OpenID Connect issuer');
  });

  it.each<[string, string | RegExp, string, string]>([
    [
      'an unknown field',
      '    restart: unless-stopped\n    command: [postgres',
      '    restrat: unless-stopped\n    command: [postgres',
      'schema: /services/postgres must NOT have unevaluated properties (restrat)',
    ],
    [
      'an unknown network',
      'networks: [edge, services, data, telemetry]',
      'networks: [edges]',
      'gateway: there is no network edges',
    ],
    ['an unknown volume', "'postgres:/var", "'postgre:/var", 'postgres: there is no volume postgre'],
    [
      'a file that is not there',
      './deploy/compose/tempo/tempo.yaml:',
      './deploy/compose/tempo/temp.yaml:',
      'tempo: there is no file ./deploy/compose/tempo/temp.yaml',
    ],
    [
      'a secret that nobody makes',
      /file: deploy\/compose\/secrets\/audit_key/,
      'file: deploy/compose/secrets/audit',
      'secret audit_key: "npm run secrets" makes no such file',
    ],
    [
      'an undeclared secret',
      'secrets: [audit_key, steward_tickets_app,',
      'secrets: [audit_key, steward_ticket_app,',
      'tickets: there is no secret steward_ticket_app',
    ],
    [
      'a secret that is not handed over',
      'secrets: [audit_key, steward_tickets_app,',
      'secrets: [audit_key,',
      'tickets: DATABASE_PASSWORD_FILE names /run/secrets/steward_tickets_app, which is none of its secrets',
    ],
    [
      'an unknown service to wait for',
      'tickets-migrate: { condition',
      'ticket-migrate: { condition',
      'tickets: there is no service ticket-migrate',
    ],
    [
      'a wait for the health of a job',
      'tickets-migrate: { condition: service_completed_successfully }',
      'tickets-migrate: { condition: service_healthy }',
      'tickets: waits for tickets-migrate by service_healthy instead of service_completed_successfully',
    ],
    [
      'no healthcheck',
      /    healthcheck:\n      test: \[CMD, pg_isready[\s\S]*?start_period: 30s\n/,
      '',
      'postgres: has no healthcheck',
    ],
    [
      'an open port',
      '    shm_size: 256m',
      "    ports: ['5432:5432']\n    shm_size: 256m",
      'postgres: is open to the outside',
    ],
    [
      'an image without a version',
      'prom/prometheus:v3.7.3',
      'prom/prometheus:latest',
      'prometheus: the image prom/prometheus:latest has no version',
    ],
    [
      'a service that does not exist',
      'command: [tickets]',
      'command: [ticket]',
      'tickets: the image has no service "ticket"',
    ],
    ['a missing service', '\n  insights:', '\n  insight:', 'there is no service insights'],
    [
      'a variable that nobody reads',
      'TRUSTED_PROXIES:',
      'TRUSTED_PROXYS:',
      'gateway: gateway has no variable TRUSTED_PROXYS',
    ],
    [
      'an address of no service',
      'http://insights:8080',
      'http://insight:8080',
      'gateway: INSIGHTS_URL names http://insight:8080, but there is no service insight',
    ],
    [
      'the development issuer for everybody',
      /(\n  identity:\n.*\n)    profiles: \[dev\]\n/,
      '$1',
      'identity: is for development only, but has no profile',
    ],
    [
      'a writable root',
      'read_only: true\n  tmpfs',
      'read_only: false\n  tmpfs',
      'tickets: may write to its root file system',
    ],
    [
      'no limit of memory',
      "limits: { cpus: '1.0', memory: 512M }",
      "limits: { cpus: '1.0' }",
      'tickets: has no limit of memory',
    ],
  ])('is refused with %s', (_case, text, other, problem) => {
    expect(broken(text, other)).toContain(problem);
  });

  it('is refused with a repeated key', () => {
    expect(() => problems(TEXT.replace('\n  kafka:\n', '\n  postgres:\n'))).toThrow(
      'Map keys must be unique',
    );
  });
});
