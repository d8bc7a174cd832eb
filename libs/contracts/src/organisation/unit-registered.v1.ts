import { type DataOf, defineEvent } from '../definition.js';
import { unitState } from './unit-state.js';

export const UnitRegistered = defineEvent({
  context: 'organisation',
  name: 'unit-registered',
  version: 1,
  aggregate: 'unit',
  scope: 'group',
  title: 'Unit registered',
  description:
    'A region, branch or site (or the group itself) joined the tree. branchId is the own id for a branch, the branch of a site, null above.',
  schema: unitState,
  sample: {
    unitId: '0197a2c4-5d00-7000-8000-000000000002',
    kind: 'branch',
    parentId: '0197a2c4-5d00-7000-8000-000000000001',
    branchId: '0197a2c4-5d00-7000-8000-000000000002',
    code: 'EB1',
    name: 'East Branch 1',
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    calendarId: '0197a2c4-5d00-7000-8000-000000000004',
    active: true,
  },
});
export type UnitRegistered = DataOf<typeof UnitRegistered>;
