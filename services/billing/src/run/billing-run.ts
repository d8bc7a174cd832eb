/** A run as it is stored. `plan` are the fee items in their order, fixed when it begins; it goes on after `position` of `step`. */
export type BillingRun = Readonly<{
  id: string;
  branchId: string;
  period: string;
  items: readonly string[] | null;
  dryRun: boolean;
  acceptGaps: boolean;
  state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  plan: readonly string[] | null;
  step: number;
  position: string | null;
  lookedAt: number;
  charges: number;
  exceptions: number;
  /** Minor units by currency. */
  totals: Readonly<Record<string, string>>;
  error: string | null;
  requestedBy: string;
  requestedAt: Date;
  completedAt: Date | null;
  version: number;
}>;

export const isOpen = ({ state }: Pick<BillingRun, 'state'>): boolean =>
  state === 'waiting' || state === 'running';
