import { demoGroup } from '../demo/demo-group.js';
import type { Surroundings } from '../services.js';

/** What a person who has just started the platform wants to know: where, who, and three lines to try. */
export function greeting(
  around: Surroundings,
  units: Readonly<Record<string, string>>,
  secondsToReady: number,
): string {
  const { gatewayUrl: gateway } = around;
  return [
    '',
    `Steward is ready (${secondsToReady.toFixed(1)} s).`,
    '',
    `  API           ${gateway}/api/v1`,
    `  documentation ${gateway}/docs   ${gateway}/openapi.json`,
    `  issuer        ${around.issuer}`,
    `  Kafka         ${around.brokers}`,
    '',
    ...(units.EB1 ? demoLines(gateway, units.EB1) : []),
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}

function demoLines(gateway: string, branchId: string): string[] {
  const token = (login: string) => `-H "authorization: Bearer $(npm run --silent token -- ${login})"`;
  const ticket = {
    branchId,
    kind: 'repair',
    channel: 'hotline',
    categoryCode: 'water-leak',
    content: '厨房漏水',
  };
  const json = `-H 'content-type: application/json' -H "idempotency-key: $RANDOM$RANDOM"`;
  const logins = demoGroup.employees.map(({ login, displayName, grants }) => {
    const roles = grants.map(({ role, unit }) => `${role} at ${unit}`).join(', ');
    return `  ${login.padEnd(28)}${displayName}\t${roles}`;
  });
  return [
    'Logins (password "steward", or DEV_PASSWORD):',
    ...logins,
    '',
    'Try:',
    `  curl -s ${gateway}/api/v1/me ${token('eb1.clerk')}`,
    `  curl -s ${gateway}/api/v1/tickets ${token('eb1.clerk')} ${json} -d '${JSON.stringify(ticket)}'`,
    `  curl -s ${gateway}/api/v1/figures/tickets ${token('hq.auditor')}`,
    '',
  ];
}
