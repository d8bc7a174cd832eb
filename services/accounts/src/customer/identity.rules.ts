/** Why two customers may be the same (ACC-02). */
export const DUPLICATE_REASONS = ['phone', 'name', 'name-sounds-alike', 'vehicle'] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

/** A vehicle of a customer: brand and plate. */
export type Vehicle = Readonly<{ brand: string; plate: string }>;

/** What a customer is found by: normalised, so that writing makes no difference. */
export type IdentityKey = Readonly<{ reason: DuplicateReason | 'phone-end'; value: string }>;

export type Identity = Readonly<{
  kind: 'person' | 'company';
  name: string;
  phones: readonly string[];
  vehicles: readonly Vehicle[];
}>;

/** Gives the pinyin of a text, syllables without tones or spaces; other scripts stay as they are. */
export type Pinyin = (text: string) => string;

/**
 * ACC-02: the keys by any one of which a duplicate is found: full name (as written, and by its sound), phone, brand and
 * plate of a vehicle with the surname. Width, case, spaces, +86 and separators make no difference.
 */
export function identityKeys({ kind, name, phones, vehicles }: Identity, pinyin: Pinyin): IdentityKey[] {
  const written = plain(name);
  const sound = pinyin(written);
  const keys: IdentityKey[] = [{ reason: 'name', value: `${kind}:${written}` }];
  if (kind === 'person' && sound !== written)
    keys.push({ reason: 'name-sounds-alike', value: `${kind}:${sound}` });
  for (const phone of phones) {
    const value = phoneKey(phone);
    if (value !== null)
      keys.push({ reason: 'phone', value }, { reason: 'phone-end', value: value.slice(-PHONE_END) });
  }
  const surname = pinyin(plain(surnameOf(name)));
  for (const { brand, plate } of vehicles)
    keys.push({ reason: 'vehicle', value: `${plain(brand)}:${plain(plate)}:${surname}` });
  return [...new Map(keys.map((key) => [`${key.reason} ${key.value}`, key])).values()];
}

/** A text without what only writing adds: width, case, spaces, punctuation. */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}\p{S}]/gu, '');

const SHORTEST_PHONE = 5;

/** Clerks ask for the last four digits; they find a customer, but do not make two customers one. */
const PHONE_END = 4;

/** The digits of a phone number without the country's code of China; null when too short to tell people apart. */
export function phoneKey(phone: string): string | null {
  const digits = phone.normalize('NFKC').replaceAll(/\D/g, '');
  const national = digits.replace(/^(?:0086|86(?=1\d{10}$|0\d{9,11}$))/, '');
  return national.length >= SHORTEST_PHONE ? national : null;
}

const COMPOUND_SURNAMES = new Set(
  '欧阳 太史 上官 端木 司马 东方 独孤 南宫 夏侯 诸葛 尉迟 皇甫 公孙 慕容 长孙 宇文 司徒 司空 令狐 轩辕 闻人'.split(
    ' ',
  ),
);
const CHINESE = /^\p{Script=Han}+$/u;

/** The surname: of a Chinese name its first character (two of a compound surname), else the last word. */
export function surnameOf(name: string): string {
  const text = name.normalize('NFKC').trim();
  const joined = text.replaceAll(/\s/g, '');
  if (!CHINESE.test(joined)) return text.split(/\s/).at(-1)!;
  const two = joined.slice(0, 2);
  return COMPOUND_SURNAMES.has(two) ? two : joined.slice(0, 1);
}

/** ORG-03: a name that only tells whether one has the right person: the surname, or the first letter of a word. */
export function maskName(name: string): string {
  const text = name.normalize('NFKC').trim();
  const joined = text.replaceAll(/\s/g, '');
  if (CHINESE.test(joined)) {
    const surname = surnameOf(text);
    return surname + '*'.repeat(Math.max(1, [...joined].length - [...surname].length));
  }
  return text
    .split(/\s+/)
    .map((word) => `${[...word][0]}***`)
    .join(' ');
}

/** What a search text may be the beginning of: a name, its sound, a phone, or the end of a phone. */
export function searchKeys(text: string, pinyin: Pinyin): Readonly<{ reason: string; starts: string }>[] {
  const written = plain(text);
  const digits = phoneKey(text);
  const names =
    written === ''
      ? []
      : ['person', 'company'].map((kind) => ({ reason: 'name', starts: `${kind}:${written}` }));
  const sounds = written === '' ? [] : [{ reason: 'name-sounds-alike', starts: `person:${pinyin(written)}` }];
  const ends = /^\d{4,}$/.test(written) ? [{ reason: 'phone-end', starts: written.slice(-PHONE_END) }] : [];
  return [...names, ...sounds, ...ends, ...(digits === null ? [] : [{ reason: 'phone', starts: digits }])];
}
