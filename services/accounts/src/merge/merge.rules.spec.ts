import { describe, expect, it } from '@jest/globals';
import { checkMergeable, mergeActions, nextMergeState } from './merge.rules.js';

const person = (id: string, rest: object = {}) => ({
  id,
  kind: 'person' as const,
  mergedInto: null,
  erasedAt: null,
  ...rest,
});

describe('ACC-02 merging', () => {
  it('takes two living records of one kind', () => {
    expect(() => checkMergeable(person('a'), person('b'))).not.toThrow();
  });

  it.each([
    ['merge.same', person('a'), person('a')],
    ['merge.kinds-differ', person('a'), { ...person('b'), kind: 'company' as const }],
    ['merge.merged', person('a', { mergedInto: 'c' }), person('b')],
    ['merge.merged', person('a'), person('b', { mergedInto: 'c' })],
    ['merge.erased', person('a', { erasedAt: new Date(0) }), person('b')],
    ['merge.erased', person('a'), person('b', { erasedAt: new Date(0) })],
  ])('refuses with %s', (code, merged, survivor) => {
    expect(() => checkMergeable(merged, survivor)).toThrow(code);
  });

  it.each([
    ['proposed', ['approve', 'reject']],
    ['done', ['undo']],
    ['rejected', []],
    ['undone', []],
  ] as const)('what is %s may be decided by %o', (state, actions) => {
    expect(mergeActions(state)).toEqual(actions);
  });

  it('a decision is made once', () => {
    expect(nextMergeState('proposed', 'approve')).toBe('done');
    expect(nextMergeState('done', 'undo')).toBe('undone');
    expect(nextMergeState('proposed', 'reject')).toBe('rejected');
    expect(() => nextMergeState('done', 'approve')).toThrow(
      expect.objectContaining({
        code: 'merge.action-not-allowed',
        detail: 'A merge that is done cannot take the action approve.',
        params: { state: 'done' },
      }),
    );
  });
});
