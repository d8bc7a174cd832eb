import { resolve } from 'node:path';
import { mutationArguments, mutationCommand, MutationError } from './mutation/mutation-command.js';

try {
  const wish = mutationArguments(process.argv.slice(2));
  process.exitCode = mutationCommand(resolve(import.meta.dirname, '../..'), wish, (text) =>
    console.log(text),
  );
} catch (error) {
  if (!(error instanceof MutationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
