import { BackupError } from './backup/backup-error.js';
import { backupCommand } from './backup/command.js';

try {
  await backupCommand(process.argv.slice(2), process.env, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof BackupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
