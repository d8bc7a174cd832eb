import { ApiError } from './demo/api-client.js';
import { operate } from './operate/operate.js';
import { SignInError } from './token/sign-in-error.js';

try {
  process.exitCode = await operate(process.argv.slice(2), process.env, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
