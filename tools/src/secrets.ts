import { makeSecrets } from './deployment/secrets.js';

const folder = process.argv[2];
if (folder) {
  const made = makeSecrets(folder);
  console.log(made.length > 0 ? `made in ${folder}: ${made.join(', ')}` : `nothing was missing in ${folder}`);
} else {
  console.error('npm run secrets -- <folder>   makes a random value per missing secret, one file each');
  process.exitCode = 1;
}
