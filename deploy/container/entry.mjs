// The image's entry: the first argument names the service (or `provision`), the rest goes to it. It runs in this very
// process, so signals reach it without anybody in between.
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [name = '', ...rest] = process.argv.slice(2);
const services = readdirSync(new URL('services/', import.meta.url));
const main = name === 'provision' ? 'tools/dist/provision.js' : `services/${name}/dist/main.js`;
const file = new URL(main, import.meta.url);

if ((name === 'provision' || services.includes(name)) && existsSync(file)) {
  process.argv = [process.argv[0], file.pathname, ...rest];
  await import(pathToFileURL(file.pathname).href);
} else {
  console.error(`usage: <service> [migrate] | provision …   services: ${services.sort().join(', ')}`);
  process.exitCode = 64;
}
