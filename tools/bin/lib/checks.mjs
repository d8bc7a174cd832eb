// What the machine must have before anything is installed. Plain JavaScript for the machine's own Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export const MIN_NODE = 20;
export const MIN_JAVA = 17;

/** First number of `v20.1.0` or `20.1.0`; undefined when there is none. */
export function parseNodeMajor(text) {
  const found = /^v?(\d+)\./.exec(text.trim());
  return found ? Number(found[1]) : undefined;
}

/** The feature version in the output of `java -version`: 8 for `1.8.0_412`, 17 for `17.0.15`, 25 for `25-ea`. */
export function parseJavaMajor(output) {
  const found = /version "(?:1\.)?(\d+)/.exec(output);
  return found ? Number(found[1]) : undefined;
}

export function nodeProblem(version = process.version) {
  const major = parseNodeMajor(version);
  if (major !== undefined && major >= MIN_NODE) return undefined;
  return `Node ${MIN_NODE} or newer is needed, this is ${version}. Get it from https://nodejs.org (the LTS version).`;
}

/** `output` is what `java -version` printed, or undefined when there is no such program. */
export function javaProblem(output) {
  const how =
    'Debian or Ubuntu: sudo apt-get install openjdk-17-jre-headless · macOS: brew install openjdk@17 · others: https://adoptium.net. ' +
    'Or set KAFKA_BROKERS to a Kafka of your own.';
  if (output === undefined)
    return `Java ${MIN_JAVA} or newer is needed for Apache Kafka, and no "java" is on the PATH. ${how}`;
  const major = parseJavaMajor(output);
  if (major === undefined)
    return `"java -version" did not tell its version. Java ${MIN_JAVA} or newer is needed. ${how}`;
  if (major < MIN_JAVA)
    return `Java ${MIN_JAVA} or newer is needed for Apache Kafka, this is Java ${major}. ${how}`;
  return undefined;
}

export function mavenProblem({ jars, maven, wrapper }) {
  if (jars || maven || wrapper) return undefined;
  return (
    'Maven is needed once, to fetch Apache Kafka, and neither "mvn" nor deploy/kafka/mvnw with curl or wget is there. ' +
    'Debian or Ubuntu: sudo apt-get install maven · macOS: brew install maven · others: https://maven.apache.org/install.html. ' +
    'Or set KAFKA_BROKERS to a Kafka of your own.'
  );
}

export function portProblem(text) {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return undefined;
  return `PORT must be a number from 0 to 65535, it is "${text}".`;
}

/** Everything that is missing, each as one sentence with its remedy. Java and Maven matter to the embedded Kafka only. */
export async function machineProblems(repository, env, { port } = {}) {
  const problems = [nodeProblem()];
  if (!env.KAFKA_BROKERS && env.TEST_ENV !== 'containers')
    problems.push(javaProblem(javaOutput()), mavenProblem(mavenFacts(repository)));
  if (port !== undefined) {
    problems.push(
      portProblem(env.PORT) ?? (await busyPortProblem(Number(env.PORT || port), env.HOST || '127.0.0.1')),
    );
  }
  return problems.filter((problem) => problem !== undefined);
}

function javaOutput() {
  const { error, stdout, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return error ? undefined : `${stderr}${stdout}`;
}

function mavenFacts(repository) {
  const lib = join(repository, 'deploy/kafka/lib');
  const works = (program, ...args) => spawnSync(program, args).error === undefined;
  return {
    jars: existsSync(lib) && readdirSync(lib).some((name) => /^kafka_2\.13-.*\.jar$/.test(name)),
    get maven() {
      return works('mvn', '-v');
    },
    get wrapper() {
      return (
        existsSync(join(repository, 'deploy/kafka/mvnw')) &&
        (works('curl', '--version') || works('wget', '--version'))
      );
    },
  };
}

async function busyPortProblem(port, host) {
  const code = await new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is taken by another program (or Steward runs already). Stop it, or choose another: PORT=8081 npm start`;
  }
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Choose one above 1023: PORT=8080 npm start`;
  return `Cannot listen on ${host}:${port} (${code}). Set HOST to an address of this machine.`;
}
