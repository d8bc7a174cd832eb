import type { WebhookReceiver } from '@steward/tools';
import type { Commander } from '../load/commander.js';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import { checkAudit } from './check-audit.js';
import { checkAnswers, checkOrganisation, checkTickets } from './check-commands.js';
import { checkConsumed } from './check-consumed.js';
import { checkDeliveries } from './check-deliveries.js';
import { checkCopies, checkPersons } from './check-copies.js';
import { checkPublished } from './check-events.js';
import { checkFigures } from './check-figures.js';
import { checkMoney } from './check-money.js';
import { checkImports, checkNumbers } from './check-numbers.js';
import { gatherEvidence, type Checked } from './evidence.js';
import { settled } from './settled.js';

/** Waits until the platform has nothing left to do, then looks at everything with own SQL and an own reader of Kafka. */
export async function checkAll(
  platform: PlatformUnderFault,
  commander: Commander,
  ledgerFile: string,
  receiver: WebhookReceiver,
): Promise<Checked[]> {
  const left = await settled(platform);
  const evidence = await gatherEvidence(platform, ledgerFile);
  const findings = left === undefined ? [] : [{ what: left, where: 'after the load had ended' }];
  return [
    { name: 'everything came to rest', rows: 0, findings },
    checkAnswers(evidence),
    await checkTickets(evidence),
    await checkOrganisation(evidence),
    await checkPublished(evidence),
    await checkConsumed(evidence),
    await checkCopies(evidence),
    await checkPersons(evidence),
    await checkAudit(evidence),
    await checkNumbers(evidence),
    await checkImports(evidence),
    await checkFigures(evidence, commander),
    await checkMoney(evidence),
    await checkDeliveries(evidence, receiver),
  ];
}
