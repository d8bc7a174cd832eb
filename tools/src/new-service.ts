import { resolve } from 'node:path';
import { newService } from './new-service/new-service.js';

const REPOSITORY = resolve(import.meta.dirname, '../..');

try {
  await newService(REPOSITORY, process.argv.slice(2), (line) => console.log(line));
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
