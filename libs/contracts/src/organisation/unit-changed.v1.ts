import { type DataOf, defineEvent } from '../definition.js';
import { unitState } from './unit-state.js';

export const UnitChanged = defineEvent({
  context: 'organisation',
  name: 'unit-changed',
  version: 1,
  aggregate: 'unit',
  scope: 'group',
  title: 'Unit changed',
  description:
    'A unit was renamed, moved, given another calendar, closed or opened again. Carries the whole new state.',
  schema: unitState,
  sample: {
    unitId: '0197a2c4-5d00-7000-8000-000000000002',
    kind: 'branch',
    parentId: '0197a2c4-5d00-7000-8000-000000000001',
    branchId: '0197a2c4-5d00-7000-8000-000000000002',
    code: 'EB1',
    name: 'East Branch One',
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    calendarId: '0197a2c4-5d00-7000-8000-000000000004',
    active: true,
  },
});
export type UnitChanged = DataOf<typeof UnitChanged>;
