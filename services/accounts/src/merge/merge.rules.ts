import { conflict, unprocessable } from '@steward/kernel';

export type MergeState = 'proposed' | 'rejected' | 'done' | 'undone';
export type MergeAction = 'approve' | 'reject' | 'undo';

const STEPS: Readonly<Record<MergeAction, Readonly<{ from: MergeState; to: MergeState }>>> = {
  approve: { from: 'proposed', to: 'done' },
  reject: { from: 'proposed', to: 'rejected' },
  undo: { from: 'done', to: 'undone' },
};

/** Where a decision leads. @throws DomainError `merge.action-not-allowed`. */
export function nextMergeState(state: MergeState, action: MergeAction): MergeState {
  const { from, to } = STEPS[action];
  if (state !== from)
    throw conflict('merge.action-not-allowed', `A merge that is ${state} cannot take the action ${action}.`, {
      state,
    });
  return to;
}

/** What may be done with a merge in this state. */
export const mergeActions = (state: MergeState): MergeAction[] =>
  (Object.keys(STEPS) as MergeAction[]).filter((action) => STEPS[action].from === state);

type Mergeable = Readonly<{
  id: string;
  kind: 'person' | 'company';
  mergedInto: string | null;
  erasedAt: Date | null;
}>;

/** ACC-02: two living records of the same kind. @throws DomainError `merge.same`, `merge.kinds-differ`, `merge.merged`, `merge.erased`. */
export function checkMergeable(merged: Mergeable, survivor: Mergeable): void {
  if (merged.id === survivor.id)
    throw unprocessable('merge.same', 'A customer cannot be merged into itself.');
  if (merged.kind !== survivor.kind)
    throw unprocessable('merge.kinds-differ', 'A person and a company are not one customer.');
  if (merged.mergedInto !== null || survivor.mergedInto !== null)
    throw conflict(
      'merge.merged',
      'One of the two was merged before. Undo that first, or name the record that stays.',
    );
  if (merged.erasedAt !== null || survivor.erasedAt !== null)
    throw conflict('merge.erased', 'The personal values of one of the two have been erased.');
}
