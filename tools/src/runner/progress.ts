/** Tells the person at the terminal what goes on. */
export type Progress = (line: string) => void;

/** Runs one step and says how long it took. */
export async function timed<T>(progress: Progress, title: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const answer = await work();
  progress(`✓ ${title}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return answer;
}

/** Gives up waiting after `limitMs`; the work itself goes on. Answers whether it was in time. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const inTime = await Promise.race([work.then(() => true as const), late]).finally(() =>
    clearTimeout(timer),
  );
  return inTime;
}
