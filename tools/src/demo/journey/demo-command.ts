import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fetchClientToken, fetchToken } from '../../token/fetch-token.js';
import { partnerSecret, runningPlatform, stateFolder } from '../../token/running-platform.js';
import { SignInError } from '../../token/sign-in-error.js';
import { castOf, type Stage } from './cast.js';
import { playJourney } from './journey.js';
import { CLIENT, partnerLeaves } from './partner-part.js';
import { WebhookReceiver } from './webhook-receiver.js';

const USAGE = `usage: npm run demo
Plays a repair against the platform that runs here: call, quote, work, invoice, two payments, callback, figures, and a
partner that is told of it by signed webhooks. Every request is shown; at the end the id of the one trace.`;

/** Answers one call of the command. Throws `SignInError` and `ApiError` with a sentence for people. */
export async function demoCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  refuseArguments(args);
  const folder = stateFolder(env);
  const { gateway, issuer } = await runningPlatform(folder);
  const traceId = randomBytes(16).toString('hex');
  const token: Stage['token'] = async (login) =>
    login === null
      ? fetchClientToken({
          ...{ issuer, client: CLIENT },
          secret: env.DEMO_PARTNER_SECRET ?? (await partnerSecret(folder)),
        })
      : fetchToken({ issuer, login, password: env.DEV_PASSWORD ?? 'steward' });
  const cast = castOf({
    ...{ gateway, token, traceId },
    asked: (who, request, status) => print(`     ${who.padEnd(12)} ${request} → ${status}`),
  });
  const receiver = await WebhookReceiver.start();
  try {
    const { ticket, invoice, payments, callback, told } = await playJourney({ cast, receiver, say: print });
    const events = [...told.values()].flat();
    print('');
    print(`ticket   ${ticket.number}: ${ticket.state}, ${ticket.payment}`);
    print(`invoice  ${invoice.number}: ${invoice.total.amount}, open ${invoice.open.amount}`);
    print(`payments ${payments.map(({ amount }) => amount.amount).join(' + ')}, the first told twice`);
    print(`callback ${callback.state}`);
    print(`partner  ${events.length} events, each once, in order, signed: ${events.join(', ')}`);
    print(`trace    ${traceId}`);
    await partnerLeaves(cast, receiver);
  } finally {
    await receiver.close();
  }
}

function refuseArguments(args: readonly string[]): void {
  try {
    parseArgs({ args: [...args], options: {} });
  } catch (cause) {
    throw new SignInError(USAGE, { cause });
  }
}
