import { ApiError } from './demo/api-client.js';
import { ImportError } from './import/arguments.js';
import { oracleCommand } from './oracle/oracle-command.js';
import { OracleError } from './oracle/oracle-error.js';
import { SignInError } from './token/sign-in-error.js';

const FOR_PEOPLE = [ApiError, ImportError, OracleError, SignInError];

try {
  process.exitCode = await oracleCommand(process.argv.slice(2), process.env, {
    print: (text) => console.log(text),
    say: (line) => console.error(`· ${line}`),
  });
} catch (error) {
  if (!FOR_PEOPLE.some((kind) => error instanceof kind)) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
