import { ApiError } from './demo/api-client.js';
import { demoCommand } from './demo/journey/demo-command.js';
import { SignInError } from './token/sign-in-error.js';

try {
  await demoCommand(process.argv.slice(2), process.env, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof ApiError) && !(error instanceof SignInError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
