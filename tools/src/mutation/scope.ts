/** Files of one package (`services/tickets`, `tools`) that are mutated; the package's own unit specs judge them. */
export type MutatedPackage = Readonly<{ folder: string; files: readonly string[] }>;

/** Decisions without input or output. `docs/mutation.md` says what is left out, and why. */
export const MUTATED = [
  '{libs,services}/*/src/**/*.rules.ts',
  '{bench,tools}/src/**/*.rules.ts',
  'libs/kernel/src/**/*.ts',
  ...[
    'back-off',
    'consumer/{chunk-gatherer,error-class,handler-table,handles.decorator,incoming,partition-book,plan,restart-policy}',
    'kafka/{key-partition,positions,refusal,request-queue-timer}',
    'nest/messaging-options',
    'outbox/{outbox-row,relay-metrics}',
  ].map((name) => `libs/messaging/src/${name}.ts`),
];
export const LEFT_OUT = ['**/*.spec.ts', '**/index.ts'];

/** Puts files by package, in order of their names. With paths, only the files at or below one of them remain. */
export function packagesOf(files: readonly string[], paths: readonly string[] = []): MutatedPackage[] {
  const asked = paths.map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  const wanted = files.filter(
    (file) => asked.length === 0 || asked.some((path) => file === path || file.startsWith(`${path}/`)),
  );
  return [...Map.groupBy(wanted.toSorted(), folderOf)].map(([folder, its]) => ({ folder, files: its }));
}

/** `services/tickets/src/…` → `services/tickets`; `tools/src/…` → `tools`. */
function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return second === 'src' ? first : `${first}/${second}`;
}
