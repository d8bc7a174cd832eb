// Runs once after the last spec; does nothing to engines that a developer keeps running.
export default async function stopTestEngines() {
  await globalThis.stewardEngines?.stop();
  globalThis.stewardEngines = undefined;
}
