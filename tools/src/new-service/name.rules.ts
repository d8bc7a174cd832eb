const SHAPE = /^[a-z]{3,20}$/;

/** Names that mean something else already: classes and variables of the platform, folders, addresses. */
const RESERVED = [
  ...[
    'api',
    'audit',
    'bench',
    'common',
    'deploy',
    'docs',
    'example',
    'health',
    'import',
    'imports',
    'metrics',
    'newcomer',
  ],
  ...[
    'note',
    'notes',
    'parked',
    'partner',
    'pages',
    'postgres',
    'republications',
    'service',
    'tools',
    'web',
    'worker',
  ],
];

/** Why a service cannot have this name, in plain words; undefined when it can. `taken` are names of what exists. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!SHAPE.test(name))
    return `"${name}" is no name for a service: 3 to 20 small letters a-z, such as "frontdesk".`;
  if (taken.includes(name)) return `"${name}" exists already.`;
  if (RESERVED.includes(name))
    return `"${name}" means something else in this repository; choose another name.`;
  return undefined;
}
