import { readFile } from 'node:fs/promises';
import { openDataFolder } from '../boston311/data-folder.js';
import { GatewayClient, type GatewayAccess } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';
import type { Finding } from '../report.js';
import { compareHistory } from './compare.js';
import { HISTORY_COLUMNS, readHistory } from './history.js';
import { loadMoves, makePlace, registerCustomers } from './set-up.js';

/**
 * Loads six months of statements and payments of a data folder into a branch of its own, as debts, invoices and payments,
 * and holds arrears by age and months late at the end of each month against the file.
 */
export async function runPaymentHistory(
  access: GatewayAccess,
  folder: string,
  say: (line: string) => void,
): Promise<Finding[]> {
  const data = await openDataFolder(folder, HISTORY_COLUMNS, []);
  if (data.files.length === 0)
    throw new OracleError('The folder holds no CSV file with the header of this source.');
  const read = await Promise.all(
    data.files.map(async ({ path }) => readHistory(await readFile(path, 'utf8'))),
  );
  const history = {
    customers: read.flatMap(({ customers }) => customers),
    rounded: read.flatMap(({ rounded }) => rounded),
  };
  say(`${history.customers.length} customers`);
  const api = new GatewayClient(access);
  const place = await makePlace(api, data.digest);
  say(`branch ${place.branch}`);
  const ids = await registerCustomers(access, place, history.customers, say);
  await loadMoves(api, place, { customers: history.customers, ids, say });
  return compareHistory({ api, place, history, ids });
}
