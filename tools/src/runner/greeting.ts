import { demoGroup } from '../demo/demo-group.js';
import type { Surroundings } from '../services.js';

/** What a person who has just started the platform wants to know: where, who, and three lines to try. */
export function greeting(around: Surroundings, secondsToReady: string): string {
  const { gatewayUrl: gateway } = around;
  const token = (login: string) => `-H "authorization: Bearer $(npm run --silent token -- ${login})"`;
  const logins = demoGroup.employees.map(({ login, displayName, grants }) => {
    const roles = grants.map(({ role, unit }) => `${role} at ${unit}`).join(', ');
    return `  ${login.padEnd(28)}${displayName.padEnd(10)} ${roles}`;
  });
  return [
    '',
    `Steward is ready (${secondsToReady} s).`,
    '',
    `  API           ${gateway}/api/v1`,
    `  documentation ${gateway}/docs   ${gateway}/openapi.json`,
    `  issuer        ${around.issuer}`,
    `  Kafka         ${around.brokers}`,
    '',
    'Logins (password "steward", or DEV_PASSWORD):',
    ...logins,
    '',
    'Try:',
    `  curl -s ${gateway}/api/v1/me ${token('eb1.clerk')}`,
    `  curl -s '${gateway}/api/v1/units?limit=20' ${token('hq.admin')}`,
    `  curl -s '${gateway}/api/v1/figures/tickets?by=branch' ${token('hq.auditor')}`,
    '',
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}
