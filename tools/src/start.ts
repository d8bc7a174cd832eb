import { loadDemoGroup } from './demo/load-demo-group.js';
import { onEnd } from './runner/ending.js';
import { greeting } from './runner/greeting.js';
import { Platform } from './runner/platform.js';
import { timed, within } from './runner/progress.js';
import { readSettings, type RunnerSettings } from './runner/settings.js';
import { watchCrashes } from './runner/together.js';
import type { Surroundings } from './services.js';

const DEMO_GROUP = 'demo-group';
const STOP_LIMIT_MS = 25_000;
const say = (line: string) => console.log(line);

async function run(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  let ending = false;
  const end = async (code: number, reason: string) => {
    if (ending) return;
    ending = true;
    say(code === 0 ? `· stopping (${reason}) …` : `✗ ${reason}`);
    const began = performance.now();
    const inTime = await within(
      STOP_LIMIT_MS,
      platform.stop().catch((error: unknown) => say(`✗ ${String(error)}`)),
    );
    say(
      inTime
        ? `· stopped after ${((performance.now() - began) / 1000).toFixed(1)} s`
        : '✗ not everything stopped in time',
    );
    process.exit(inTime ? code : 1);
  };
  const platform = new Platform(settings, say, (sentence) => void end(1, sentence));
  watchCrashes((sentence) => void end(1, sentence));
  onEnd((reason) => void end(0, reason));
  try {
    const around = await platform.start();
    const units = await demoUnits(platform, around, settings);
    if (!ending) say(greeting(around, units, process.uptime()));
  } catch (error) {
    await end(1, error instanceof Error ? error.message : String(error));
  }
}

/** Loads the demo group at the first start; gives the ids of its units. */
async function demoUnits(
  { state }: Platform,
  { gatewayUrl, issuer }: Surroundings,
  settings: RunnerSettings,
) {
  const loaded = state.done<Record<string, string>>(DEMO_GROUP);
  if (loaded) return loaded;
  if (settings.issuer) {
    say('· no demo group: its people can sign in at the built-in issuer only');
    return {};
  }
  const password = settings.env.DEV_PASSWORD || 'steward';
  const units = await timed(say, 'demo group', () => loadDemoGroup({ gatewayUrl, issuer, password }));
  state.markDone(DEMO_GROUP, units);
  return units;
}

await run();
