import { ALL_EVENTS, ALL_PERSONAL } from './catalogue.js';
import type { EventDefinition, PersonalDefinition } from './definition.js';

const INTRODUCTION = `# Event catalogue

Generated from \`libs/contracts\`; do not edit. The same as an AsyncAPI 3.0 document, with schemas: [asyncapi.json](asyncapi.json).

- Every message is a CloudEvent 1.0 in binary mode: attributes in headers (\`ce_type\`, \`ce_id\`, \`ce_sequence\` …), data as JSON in the value.
- The Kafka key is the id of the aggregate: its events stay in order, and \`ce_sequence\` counts them without gaps.
- Scope says whose fact it is: of a branch (\`ce_branch\` carries its id), of the group (\`ce_group: true\`), or any of the two.
- Within a version only optional fields are added. Pass over fields and types that you do not know.
- Personal values (names, phones) travel only on the compacted topics of the second table: the latest record per person, a tombstone when erased.
`;

/** The catalogue as a Markdown page: event, topic, key, scope, when, and a sample of each. */
export function cataloguePage(): string {
  const events = ALL_EVENTS.map((event) =>
    row(
      `\`${event.type}\``,
      `\`${event.topic}\``,
      event.aggregate,
      event.scope,
      event.description,
      sampleLink(event),
    ),
  );
  const personal = ALL_PERSONAL.map((record) =>
    row(`\`${record.topic}\``, `\`${record.key}\``, record.description, sampleLink(record)),
  );
  const tables = [
    ['## Events', ''],
    [row('event', 'topic', 'key', 'scope', 'when', 'sample'), row('---', '---', '---', '---', '---', '---')],
    [...events, ''],
    ['## Personal values', ''],
    [row('topic', 'key', 'what', 'sample'), row('---', '---', '---', '---')],
    [...personal, ''],
  ];
  const samples = [...ALL_EVENTS, ...ALL_PERSONAL].map(sampleSection);
  return [INTRODUCTION, ...tables.flat(), '## Samples', '', ...samples].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

// Markdown renderers make the anchor of a heading by dropping its dots.
function sampleLink({ type, title }: EventDefinition | PersonalDefinition): string {
  return `[${title}](#${type.replaceAll('.', '')})`;
}

function sampleSection({ type, sample }: EventDefinition | PersonalDefinition): string {
  return `### ${type}\n\n\`\`\`json\n${JSON.stringify(sample, null, 2)}\n\`\`\`\n`;
}
