import type { BusinessCalendar, Duration, Role, UnitKind } from '@steward/kernel';
import { chineseCalendar2026 } from './chinese-calendar-2026.js';

/** Code of a unit of the demo group. */
export type UnitCode = string;

export type DemoUnit = Readonly<{ code: UnitCode; kind: UnitKind; parent: UnitCode; name: string }>;

export type DemoGrant = Readonly<{ role: Role; unit: UnitCode }>;

export type DemoEmployee = Readonly<{
  /** what the person types at the issuer; the token's subject */
  login: string;
  displayName: string;
  phone: string;
  home: UnitCode;
  grants: readonly DemoGrant[];
}>;

/** A parameter of the rules and the unit for which it holds. */
export type DemoPolicy = Readonly<{ key: string; unit: UnitCode; value: Duration; locked?: boolean }>;

export type DemoCategory = Readonly<{ code: string; name: string; kind: 'repair' | 'complaint' }>;

export type DemoGroup = Readonly<{
  /** the first administrator, who makes everything else */
  administrator: string;
  timeZone: string;
  locale: string;
  /** made by the organisation service itself in an empty database */
  group: Readonly<{ code: UnitCode; name: string }>;
  /** parents before children */
  units: readonly DemoUnit[];
  calendar: Readonly<{ name: string; calendar: BusinessCalendar; effectiveFrom: string }>;
  policies: Readonly<{ effectiveFrom: string; reason: string; values: readonly DemoPolicy[] }>;
  /** every branch has them */
  categories: readonly DemoCategory[];
  employees: readonly DemoEmployee[];
  /** machine clients; `login` is the client's id */
  partners: readonly DemoEmployee[];
}>;

const GROUP = 'HQ';

const branch = (code: string, parent: string, name: string, sites: readonly [string, string]): DemoUnit[] => [
  { code, kind: 'branch', parent, name },
  ...sites.map((site, index): DemoUnit => ({
    code: `${code}-S${index + 1}`,
    kind: 'site',
    parent: code,
    name: site,
  })),
];

const units: readonly DemoUnit[] = [
  { code: 'East', kind: 'region', parent: GROUP, name: '华东大区' },
  { code: 'North', kind: 'region', parent: GROUP, name: '华北大区' },
  ...branch('EB1', 'East', '上海分公司', ['滨江花园', '世纪大厦']),
  ...branch('EB2', 'East', '杭州分公司', ['西溪里', '钱江大厦']),
  ...branch('NB1', 'North', '北京分公司', ['朝阳嘉园', '国贸大厦']),
  ...branch('NB2', 'North', '天津分公司', ['海河新苑', '津湾大厦']),
];

/** login suffix, role, name: one person for each role of a branch */
const EB1_STAFF: readonly (readonly [string, Role, string])[] = [
  ['clerk', 'cs-agent', '陈晓云'],
  ['manager', 'cs-manager', '林志强'],
  ['engineer', 'engineer', '王建国'],
  ['front-desk', 'front-desk', '赵敏'],
  ['cs-supervisor', 'cs-supervisor', '周丽'],
  ['engineering-supervisor', 'engineering-supervisor', '孙德明'],
  ['security', 'security', '刘刚'],
  ['cashier', 'cashier', '吴芳'],
  ['accountant', 'accountant', '郑洁'],
  ['account-manager', 'account-manager', '何静'],
  ['safety-inspector', 'safety-inspector', '马超'],
  ['auditor', 'auditor', '朱红'],
  ['driver', 'driver', '胡军'],
  ['fleet-lead', 'fleet-lead', '郭勇'],
  ['team-lead', 'team-lead', '高峰'],
  ['branch-manager', 'branch-manager', '梁文博'],
  ['hr', 'hr', '宋佳'],
];

const at = (unit: UnitCode, ...roles: readonly Role[]): DemoGrant[] => roles.map((role) => ({ role, unit }));

/** The smaller branches: one person may hold two roles, and an engineer may work for two branches. */
const smallBranch = (code: string, names: readonly [string, string, string], neighbour?: string) => {
  const prefix = code.toLowerCase();
  const [clerk, manager, engineer] = names;
  return [
    { login: `${prefix}.clerk`, displayName: clerk, home: code, grants: at(code, 'cs-agent', 'front-desk') },
    {
      login: `${prefix}.manager`,
      displayName: manager,
      home: code,
      grants: at(code, 'cs-manager', 'branch-manager'),
    },
    {
      login: `${prefix}.engineer`,
      displayName: engineer,
      home: code,
      grants: [...at(code, 'engineer'), ...(neighbour ? at(neighbour, 'engineer') : [])],
    },
  ];
};

const staff: readonly Omit<DemoEmployee, 'phone'>[] = [
  { login: 'hq.admin', displayName: '许安', home: GROUP, grants: at(GROUP, 'hq-admin') },
  { login: 'hq.auditor', displayName: '邓清', home: GROUP, grants: at(GROUP, 'hq-auditor') },
  { login: 'east.manager', displayName: '沈东', home: 'East', grants: at('East', 'general-manager') },
  ...EB1_STAFF.map(([login, role, displayName]) => ({
    login: `eb1.${login}`,
    displayName,
    home: 'EB1',
    grants: at('EB1', role),
  })),
  ...smallBranch('EB2', ['叶青', '蒋涛', '韩磊']),
  ...smallBranch('NB1', ['冯雪', '曹阳', '袁野'], 'NB2'),
  ...smallBranch('NB2', ['唐果', '彭飞', '董亮']),
];

const allowance = (
  subject: string,
  amount: number,
  unit: Duration['unit'],
  more: Partial<DemoPolicy> = {},
): DemoPolicy => ({
  key: `tickets.sla.${subject}.resolve`,
  unit: GROUP,
  value: { amount, unit },
  ...more,
});

/** The group that `npm start` loads once, so that there is something to see and to try. */
export const demoGroup: DemoGroup = {
  administrator: 'hq.admin',
  timeZone: 'Asia/Shanghai',
  locale: 'zh-CN',
  group: { code: GROUP, name: '示范集团' },
  units,
  calendar: {
    name: '全国统一日历',
    calendar: chineseCalendar2026,
    effectiveFrom: '2026-01-01T00:00:00+08:00',
  },
  policies: {
    effectiveFrom: '2026-01-01T00:00:00+08:00',
    reason: '2026 年服务标准',
    values: [
      allowance('repair', 3, 'working-days'),
      allowance('repair', 2, 'working-days', { unit: 'EB1' }),
      allowance('category.water-leak', 8, 'working-hours'),
      allowance('inquiry', 1, 'working-days'),
      allowance('suggestion', 10, 'working-days'),
      allowance('paid-service', 3, 'working-days'),
      allowance('hazard', 24, 'calendar-hours'),
      allowance('emergency', 2, 'calendar-hours', { locked: true }),
    ],
  },
  categories: [
    { code: 'water-leak', name: '漏水', kind: 'repair' },
    { code: 'power', name: '电力故障', kind: 'repair' },
    { code: 'lift', name: '电梯', kind: 'repair' },
    { code: 'noise', name: '邻里噪声', kind: 'complaint' },
    { code: 'fees', name: '收费', kind: 'complaint' },
  ],
  employees: staff.map((person, index) => ({
    ...person,
    phone: `1390000${String(index + 1).padStart(4, '0')}`,
  })),
  partners: [
    {
      login: 'demo-partner',
      displayName: '示范合作方',
      phone: '02155550000',
      home: GROUP,
      grants: at('EB1', 'partner'),
    },
  ],
};
