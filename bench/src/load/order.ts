/** A place that takes tickets in, and the token of somebody who may. */
export type Desk = Readonly<{ branchId: string; token: string }>;

/** What the load generator is asked to do: so many callers, each sending the next request when its last is answered. */
export type Order = Readonly<{
  port: number;
  path: string;
  desks: readonly Desk[];
  concurrency: number;
  milliseconds: number;
  /** it goes on until so many are answered, however long that takes */
  atLeast: number;
}>;

/** What it then tells. */
export type Outcome = Readonly<{
  operations: number;
  seconds: number;
  latencyMs: Readonly<{ p50: number; p99: number }>;
}>;
