import { tokenCommand } from './token/command.js';
import { SignInError } from './token/sign-in-error.js';

try {
  console.log(await tokenCommand(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof SignInError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
