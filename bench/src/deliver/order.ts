/** A source is asked to state so many events at a steady rate. */
export type SourceOrder = Readonly<{ count: number; perSecond: number }>;

/** When something happened to each event, by its record's id: nanoseconds of the clock that all processes share. */
export type Moments = Readonly<Record<string, string>>;

/** What the source processes are told, in the file that `DELIVER_SETTINGS` names. */
export type DeliverSettings = Readonly<{
  brokers: string;
  prefix: string;
  workerUrl: string;
  appUrl: string;
  branchIds: readonly string[];
  receiverUrl: string;
  poolSize: number;
}>;

/** Does something `count` times, each at its own time whether the one before has ended or not; waits for all of them. */
export async function steadily(
  { count, perSecond }: SourceOrder,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const running: Promise<void>[] = [];
  while (running.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
    while (running.length < due) running.push(work(running.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
}

export const moment = (): string => String(process.hrtime.bigint());
