import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);
const REPOSITORY = resolve(import.meta.dirname, '../../../..');

/** Folder of the broker's jars in this repository. */
export const KAFKA_LIB_DIR = join(REPOSITORY, 'deploy/kafka/lib');

/**
 * Fetches the jars that `pom.xml` beside `libDir` names, unless they are there.
 * @param onFetch called before a fetch, which takes some seconds
 * @throws Error in plain words when Maven is missing or cannot fetch
 */
export async function ensureKafkaJars(libDir = KAFKA_LIB_DIR, onFetch?: () => void): Promise<string> {
  if (hasJars(libDir)) return libDir;
  onFetch?.();
  const folder = dirname(libDir);
  const maven = spawnSync('mvn', ['-v']).error ? join(folder, 'mvnw') : 'mvn';
  const fresh = `${libDir}.${process.pid}.new`;
  try {
    await execFileAsync(
      maven,
      ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`],
      { cwd: folder, maxBuffer: 16 * 1024 * 1024 },
    );
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const { code, stdout = '', message } = error as { code?: unknown; stdout?: string; message: string };
    const reason =
      code === 'ENOENT' ? 'neither Maven nor the Maven wrapper is there' : stdout.trim() || message;
    throw new Error(`the jars of Apache Kafka could not be fetched: ${reason}`, { cause: error });
  }
  // renamed in one go: a fetch that was killed half way is never taken for a complete one
  if (hasJars(libDir)) rmSync(fresh, { recursive: true, force: true });
  else {
    rmSync(libDir, { recursive: true, force: true });
    renameSync(fresh, libDir);
  }
  return libDir;
}

function hasJars(libDir: string): boolean {
  return existsSync(libDir) && readdirSync(libDir).some((name) => /^kafka_2\.13-.*\.jar$/.test(name));
}
