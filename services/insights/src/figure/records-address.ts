/** Addresses of the records behind a figure: the question that gives exactly these. Parts without a value are left out. */
export function recordsAddress(
  of: 'tickets' | 'billing',
  parts: Readonly<Record<string, string | boolean | undefined>>,
): string {
  const query = Object.entries(parts).flatMap<[string, string]>(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return `/api/v1/figures/${of}/records?${new URLSearchParams(query).toString()}`;
}
