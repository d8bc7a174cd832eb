/**
 * Given rows (`$2`, a JSON array) with their generation (`$1`), walled off from the planner. Where statistics do not know
 * a generation yet it takes the whole of it for one row, and would begin with it: a scan of all facts for each batch.
 */
export const generationRows = (columns: string): string =>
  `(select $1::int generation, r.* from jsonb_to_recordset($2::jsonb) r(${columns}) offset 0)`;
