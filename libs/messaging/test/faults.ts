import type { Kafka, Placed, Publisher } from '../src/index.js';

/** A gate that a spec closes and opens: `passed` waits for it, `reached` tells that somebody stands before it. */
export class Gate {
  reached = 0;
  private open: Promise<void> = Promise.resolve();
  private opener: () => void = () => undefined;

  close(): void {
    this.open = new Promise((resolve) => {
      this.opener = resolve;
    });
  }

  let(): void {
    this.opener();
  }

  async passed(): Promise<void> {
    this.reached += 1;
    await this.open;
  }
}

/** The same access to Kafka, with something happening before and after each publication. */
export function withFault(
  kafka: Kafka,
  fault: Readonly<{ before?: () => Promise<void>; after?: () => Promise<void> }>,
): Kafka {
  const publisher = (): Publisher => {
    const real = kafka.publisher();
    const publish = async (...args: Parameters<Publisher['publish']>): Promise<Placed[]> => {
      await fault.before?.();
      const placed = await real.publish(...args);
      await fault.after?.();
      return placed;
    };
    return { publish, close: () => real.close() } as unknown as Publisher;
  };
  return { ...kafka, publisher };
}
