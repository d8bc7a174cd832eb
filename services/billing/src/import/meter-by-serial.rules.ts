type Numbered = Readonly<{ serial: string; medium: string; installedOn: string; removedOn: string | null }>;

/**
 * The meter that a row means: by its number, its medium where given, and the day; null where none or several fit. Of meters
 * that followed each other on the day it is the later one.
 */
export function meterFor<M extends Numbered>(
  meters: readonly M[],
  { serial, medium, day }: Readonly<{ serial: string; medium?: string | undefined; day: string }>,
): M | null {
  const named = meters.filter((one) => one.serial === serial && (medium ?? one.medium) === one.medium);
  const inPlace = named.filter(
    ({ installedOn, removedOn }) => installedOn <= day && (removedOn === null || removedOn >= day),
  );
  const fitting = inPlace.length > 0 ? inPlace : named;
  const media = new Set(fitting.map((one) => one.medium));
  return media.size === 1 ? fitting.at(-1)! : null;
}
