import { describe, expect, it } from '@jest/globals';
import {
  identityKeys,
  maskName,
  phoneKey,
  searchKeys,
  surnameOf,
  type Identity,
  type Pinyin,
} from './identity.rules.js';

const SOUNDS: Record<string, string> = {
  李: 'li',
  建: 'jian',
  国: 'guo',
  健: 'jian',
  欧: 'ou',
  阳: 'yang',
  锋: 'feng',
};
const pinyin: Pinyin = (text) => [...text].map((letter) => SOUNDS[letter] ?? letter).join('');
const person = (name: string, rest: Partial<Identity> = {}): Identity => ({
  kind: 'person',
  name,
  phones: [],
  vehicles: [],
  ...rest,
});
const shared = (a: Identity, b: Identity): string[] => {
  const other = new Set(identityKeys(b, pinyin).map(({ reason, value }) => `${reason} ${value}`));
  return identityKeys(a, pinyin)
    .filter(({ reason, value }) => other.has(`${reason} ${value}`))
    .map(({ reason }) => reason)
    .filter((reason) => reason !== 'phone-end'); // only searched by
};

describe('ACC-02 possible duplicates', () => {
  it.each([
    ['full name', person('李建国'), person('李建国'), ['name', 'name-sounds-alike']],
    ['spaces and full width', person('Ｊｏｈｎ  Smith'), person('john smith'), ['name']],
    ['the sound of a name', person('李建国'), person('李健国'), ['name-sounds-alike']],
    [
      'a name typed in pinyin is another writing, not the same name',
      person('李建国'),
      person('lijianguo'),
      [],
    ],
    [
      'phone',
      person('李', { phones: ['+86 139-0000-1234'] }),
      person('王', { phones: ['１３９００００１２３４'] }),
      ['phone'],
    ],
    [
      'vehicle with the surname',
      person('李建国', { vehicles: [{ brand: '大众', plate: '沪A·12345' }] }),
      person('李四', { vehicles: [{ brand: '大众', plate: '沪a 12345' }] }),
      ['vehicle'],
    ],
    [
      'the same car under another surname is no hint',
      person('李建国', { vehicles: [{ brand: '大众', plate: '沪A12345' }] }),
      person('欧阳锋', { vehicles: [{ brand: '大众', plate: '沪A12345' }] }),
      [],
    ],
    ['a company is no person', person('李建国'), { ...person('李建国'), kind: 'company' as const }, []],
  ])('%s', (_title, a, b, reasons) => {
    expect(shared(a, b)).toEqual(reasons);
  });

  it.each([
    ['+86 139 0000 1234', '13900001234'],
    ['0086-13900001234', '13900001234'],
    ['021-5555 0100', '02155550100'],
    ['+86 021 5555 0100', '02155550100'],
    ['86000', '86000'],
    ['+44 20 7946 0018', '442079460018'],
    ['55500861234', '55500861234'],
    ['86139000012345', '86139000012345'],
    ['8602155550100123', '8602155550100123'],
    ['12345', '12345'],
    ['1234', null],
    ['110', null],
  ])('phone %s is %s', (phone, expected) => {
    expect(phoneKey(phone)).toBe(expected);
  });

  it('a key stands once', () => {
    const keys = identityKeys(person('李', { phones: ['13900001234', '+8613900001234'] }), pinyin);
    expect(keys.filter(({ reason }) => reason === 'phone')).toHaveLength(1);
  });

  it('a company has no sound, and a phone that is too short is no key', () => {
    expect(identityKeys({ ...person('李建国', { phones: ['110'] }), kind: 'company' }, pinyin)).toEqual([
      { reason: 'name', value: 'company:李建国' },
    ]);
  });

  it('are kept in lower case; the end of a phone is its last four digits', () => {
    expect(identityKeys(person('John Smith', { phones: ['13900001234'] }), pinyin)).toEqual([
      { reason: 'name', value: 'person:johnsmith' },
      { reason: 'phone', value: '13900001234' },
      { reason: 'phone-end', value: '1234' },
    ]);
  });
});

describe('searching customers', () => {
  const named = (written: string, sound: string) => [
    { reason: 'name', starts: `person:${written}` },
    { reason: 'name', starts: `company:${written}` },
    { reason: 'name-sounds-alike', starts: `person:${sound}` },
  ];

  it.each([
    ['李 建', named('李建', 'lijian')],
    ['1234', [...named('1234', '1234'), { reason: 'phone-end', starts: '1234' }]],
    [
      '139-0000-1234',
      [
        ...named('13900001234', '13900001234'),
        { reason: 'phone-end', starts: '1234' },
        { reason: 'phone', starts: '13900001234' },
      ],
    ],
    ['123', named('123', '123')],
    ['A1234', named('a1234', 'a1234')],
    ['1234b', named('1234b', '1234b')],
    [' - ', []],
  ])('%s may begin a name, its sound, a phone or be the end of one', (text, keys) => {
    expect(searchKeys(text, pinyin)).toEqual(keys);
  });
});

describe('ORG-03 names of strangers', () => {
  it.each([
    ['李建国', '李**'],
    ['李', '李*'],
    ['欧阳锋', '欧阳*'],
    ['John Q Smith', 'J*** Q*** S***'],
    ['上海物业有限公司', '上*******'],
    [' 李 建国', '李**'],
    [' John  Smith ', 'J*** S***'],
    ['李To', '李***'],
    ['To李', 'T***'],
  ])('%s is shown as %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it.each([
    ['司马 光', '司马'],
    ['John Smith', 'Smith'],
    ['John  Smith ', 'Smith'],
  ])('the surname of %s is %s', (name, surname) => {
    expect(surnameOf(name)).toBe(surname);
  });
});
