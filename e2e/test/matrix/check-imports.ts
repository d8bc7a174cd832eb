import { eventually } from '@steward/testing';
import { exampleOf, type Operation } from '../api-operations.js';
import { leaks } from './findings.js';
import { SAMPLES } from './samples.js';
import { jsonOf, send, type Answer } from './sending.js';
import type { Caller, Finding, Place, World } from './world.js';

const IMPORTS = '/api/v1/imports';

/** The kinds that can be imported, as the document lists them. */
export function importKinds(operations: readonly Operation[]): string[] {
  const kinds = operations
    .filter(({ path }) => path === IMPORTS)
    .flatMap(({ parameters }) => parameters.filter(({ name }) => name === 'kind'))
    .flatMap(({ schema }) => (schema['enum'] ?? [exampleOf(schema)]) as string[]);
  return [...new Set(kinds)];
}

async function upload(world: World, caller: Caller, kind: string, form: FormData): Promise<Answer> {
  const encoded = new Response(form);
  return send(world.url, {
    method: 'POST',
    path: `${IMPORTS}?kind=${kind}`,
    token: world.token(caller.login),
    body: {
      contentType: encoded.headers.get('content-type')!,
      content: Buffer.from(await encoded.arrayBuffer()),
    },
  });
}

/** A file of one row, written with the uploader's mark, that says to belong to another place. */
function fileFor(
  world: World,
  kind: string,
  from: Place,
  fields: Readonly<Record<string, string>>,
): FormData {
  const row = SAMPLES.importRows[kind];
  if (!row)
    throw new Error(
      `${kind} can be imported: say what a row of it holds in e2e/test/matrix/samples.ts, importRows`,
    );
  const cells = row({ ...from, mark: `${world.places.own.mark}i` });
  const quoted = Object.values(cells).map((cell) => `"${cell.replaceAll('"', '""')}"`);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([`${Object.keys(cells).join(',')}\n${quoted.join(',')}\n`]), 'rows.csv');
  return form;
}

const ended = (world: World, caller: Caller, id: string): Promise<Answer> =>
  eventually(async () => {
    const answer = await send(world.url, {
      method: 'GET',
      path: `${IMPORTS}/${id}`,
      token: world.token(caller.login),
    });
    return ['uploaded', 'running'].includes(String(jsonOf(answer)['state'])) ? false : answer;
  });

/** Rows and defaults that name a foreign branch are refused, as if there were no such branch, and bring nothing in. */
export async function checkImport(world: World, kind: string): Promise<Finding[]> {
  const { own, otherBranch } = world.places;
  const caller = world.allInBranch;
  const nowhere: Place = {
    ...otherBranch,
    refs: { ...otherBranch.refs, branch: otherBranch.refs['branch']!.replaceAll(/[0-9a-f]/g, '0') },
  };
  const findings: Finding[] = [];
  for (const field of ['row', 'form']) {
    const outcome = async (from: Place): Promise<string> => {
      const fields = { source: own.mark, branch: (field === 'form' ? from : own).refs['branch']! };
      const answer = await upload(world, caller, kind, fileFor(world, kind, from, fields));
      const { id } = jsonOf(answer) as { id?: string };
      if (id === undefined) return `${answer.status} ${String(jsonOf(answer)['code'])}`;
      const job = await ended(world, caller, id);
      const rows = await send(world.url, {
        method: 'GET',
        path: `${IMPORTS}/${id}/rows`,
        token: world.token(caller.login),
      });
      const told = leaks(world, caller, rows, Object.values(from.refs).join());
      if (told.length > 0) findings.push(`${kind}: the refused row tells ${told.join(', ')}`);
      const { rows: counts } = jsonOf(job) as { rows: { created: number; updated: number } };
      if (counts.created + counts.updated > 0)
        findings.push(`${kind}: a ${field} that names ${from.name} was taken`);
      const codes = (jsonOf(rows)['items'] as { code: string }[]).map(({ code }) => code);
      return `${String(jsonOf(job)['state'])} ${codes.join()}`;
    };
    const [foreign, unknown] = [await outcome(otherBranch), await outcome(nowhere)];
    if (foreign !== unknown)
      findings.push(
        `${kind}: a ${field} that names ${otherBranch.name} ends as ${foreign}, an unknown one as ${unknown}`,
      );
  }
  return findings;
}
