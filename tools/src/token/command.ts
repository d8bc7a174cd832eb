import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signInClient, signInPerson, signingKeyIds, type FetchedToken } from './fetch-token.js';
import { partnerSecret, runningPlatform, stateFolder } from './running-platform.js';
import { SignInError } from './sign-in-error.js';
import { keyIdOf, TokenCache } from './token-cache.js';

const USAGE = `usage: npm run token -- <user> [--issuer URL] [--client ID] [--fresh]
       npm run token -- --client demo-partner [--issuer URL] [--fresh]
Prints an access token. The password is DEV_PASSWORD or "steward"; the partner's secret is DEMO_PARTNER_SECRET.`;

/** Answers one call of the command; gives the token. Throws `SignInError`, also for wrong arguments. */
export async function tokenCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { login, client, issuer: named, fresh } = readArguments(args);
  const folder = stateFolder(env);
  const issuer = named ?? env.OIDC_ISSUER ?? (await runningPlatform(folder)).issuer;
  const cache = new TokenCache(join(folder, 'tokens.json'));
  const key = [issuer, client ?? '', login ?? ''].join(' ');
  const kept = fresh ? undefined : await cache.find(key);
  // A token of a database that was thrown away since is of no use, however long it would have lived.
  if (kept && (await signingKeyIds(issuer)).includes(keyIdOf(kept) ?? '')) return kept;
  const fetched = await signIn(issuer, login, client, env, folder);
  await cache.put(key, fetched);
  return fetched.token;
}

type Arguments = {
  login?: string | undefined;
  client?: string | undefined;
  issuer?: string | undefined;
  fresh: boolean;
};

function readArguments(args: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        issuer: { type: 'string' },
        client: { type: 'string' },
        fresh: { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1 || (positionals.length === 0 && !values.client)) throw new SignInError(USAGE);
    return { login: positionals[0], ...values };
  } catch (cause) {
    throw cause instanceof SignInError ? cause : new SignInError(USAGE, { cause });
  }
}

async function signIn(
  issuer: string,
  login: string | undefined,
  client: string | undefined,
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<FetchedToken> {
  if (login !== undefined) {
    return signInPerson({
      issuer,
      login,
      password: env.DEV_PASSWORD ?? 'steward',
      ...(client && { client }),
    });
  }
  return signInClient({
    issuer,
    client: client ?? '',
    secret: env.DEMO_PARTNER_SECRET ?? (await partnerSecret(folder)),
  });
}
