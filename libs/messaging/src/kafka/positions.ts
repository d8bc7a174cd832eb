/** For each topic the next offset of each partition, by partition number. */
export type Positions = Readonly<Record<string, readonly number[]>>;

/** Whether everything before `end` lies before `at`, in every topic and partition of `end`. */
export function reached(at: Positions, end: Positions): boolean {
  return Object.entries(end).every(([topic, offsets]) =>
    offsets.every((offset, partition) => (at[topic]?.[partition] ?? 0) >= offset),
  );
}

/** How many messages lie between `at` and `end`, all topics and partitions together. */
export function lagBetween(at: Positions, end: Positions): number {
  let lag = 0;
  for (const [topic, offsets] of Object.entries(end)) {
    offsets.forEach((offset, partition) => {
      lag += Math.max(0, offset - (at[topic]?.[partition] ?? 0));
    });
  }
  return lag;
}

/** The later of two positions, partition by partition. */
export function laterOf(one: Positions, other: Positions): Positions {
  const result: Record<string, number[]> = {};
  for (const topic of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [left, right] = [one[topic] ?? [], other[topic] ?? []];
    result[topic] = Array.from({ length: Math.max(left.length, right.length) }, (_, partition) =>
      Math.max(left[partition] ?? 0, right[partition] ?? 0),
    );
  }
  return result;
}
