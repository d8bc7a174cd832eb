import { provision, PROVISION_USAGE, readProvisionSettings } from './deployment/provision.js';

try {
  await provision(readProvisionSettings(process.argv.slice(2), process.env), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.argv.includes('--help')) console.error(PROVISION_USAGE);
  process.exitCode = 1;
}
