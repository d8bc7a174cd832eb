import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SignInError } from './sign-in-error.js';

/** What the runner tells about the platform that it started, in `var/platform.json`. */
export type RunningPlatform = Readonly<{ gateway: string; issuer: string }>;

/** The platform's state folder: `PLATFORM_DATA`, or `var` in the repository. */
export const stateFolder = (env: NodeJS.ProcessEnv): string =>
  resolve(env.PLATFORM_DATA || resolve(import.meta.dirname, '../../../var'));

/** Reads the addresses of the running platform. Throws `SignInError` when none was started from this folder. */
export async function runningPlatform(folder: string): Promise<RunningPlatform> {
  try {
    return JSON.parse(await readFile(join(folder, 'platform.json'), 'utf8')) as RunningPlatform;
  } catch {
    throw new SignInError(
      `The platform is not running (no platform.json in ${folder}). Start it with "npm start".`,
    );
  }
}

/** The demo partner's secret that the runner generated into `var/secrets.json`. Throws `SignInError` when it is not there. */
export async function partnerSecret(folder: string): Promise<string> {
  try {
    const secrets = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as {
      demoPartnerSecret: string;
    };
    return secrets.demoPartnerSecret;
  } catch {
    throw new SignInError(
      'The client secret is not known: set DEMO_PARTNER_SECRET, or start the platform with "npm start".',
    );
  }
}
