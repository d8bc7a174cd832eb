import { invalid } from '@steward/kernel';

/** Where a unit lies: building, entrance 单元, floor, door (PRM-01). A basement has a floor below zero. */
export type UnitPlace = Readonly<{ building: string; entrance: string; floor: number; door: string }>;

const PART = '[\\p{L}\\p{N}]{1,20}';
const CODE = new RegExp(`^(${PART}(?:[-/]${PART}){0,2})#(${PART})-(B?\\d{1,3})-(${PART})$`, 'u');

/** PRM-01: the one way of writing the code of a building or unit; width, case and spaces do not matter. */
export const writtenCode = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();

/**
 * PRM-01: reads a unit code, such as `180#1-1-1`: building 180, entrance 1, floor 1, door 1; a floor below ground is
 * `B1`. Width, case and spaces do not matter. @throws DomainError `premises.unit-code`.
 */
export function parseUnitCode(text: string): UnitPlace {
  const match = CODE.exec(writtenCode(text));
  if (!match)
    throw invalid(
      'premises.unit-code',
      'A unit code such as 180#1-1-1 is expected: building#entrance-floor-door.',
    );
  const [, building, entrance, floor, door] = match as unknown as [string, string, string, string, string];
  return {
    building,
    entrance,
    floor: floor.startsWith('B') ? -Number(floor.slice(1)) : Number(floor),
    door,
  };
}

/** The code of a place, in its one way of writing. */
export function unitCode({ building, entrance, floor, door }: UnitPlace): string {
  return `${building}#${entrance}-${floor < 0 ? `B${-floor}` : floor}-${door}`;
}
