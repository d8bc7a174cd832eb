import { writeOpenApi } from './openapi/write-openapi.js';

const drifted = await writeOpenApi({ check: process.argv.includes('--check') });
for (const path of drifted) console.log(path);
if (process.argv.includes('--check') && drifted.length > 0) {
  console.error('These documents differ from the code. Run "npm run openapi" and commit them.');
  process.exitCode = 1;
}
