import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import {
  javaProblem,
  machineProblems,
  mavenProblem,
  nodeProblem,
  parseJavaMajor,
  parseNodeMajor,
  portProblem,
} from '../../bin/lib/checks.mjs';

const openjdk = (version: string) =>
  `openjdk version "${version}" 2025-04-15\nOpenJDK Runtime Environment (build ${version})\n`;

describe('checks of the machine', () => {
  it.each([
    [openjdk('17.0.15'), 17],
    [openjdk('21'), 21],
    [openjdk('25-ea'), 25],
    ['java version "1.8.0_412"\nJava(TM) SE Runtime Environment', 8],
    ['openjdk version "11.0.22" 2024-01-16 LTS', 11],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.2" 2022-01-18', 17],
  ])('read the version of Java from %j', (output, major) => {
    expect(parseJavaMajor(output)).toBe(major);
  });

  it('say what is wrong with Java and how to get it', () => {
    expect(javaProblem(openjdk('17.0.15'))).toBeUndefined();
    expect(javaProblem(openjdk('11.0.22'))).toMatch(
      /Java 17 or newer is needed.* this is Java 11\..*apt-get install/,
    );
    expect(javaProblem(undefined)).toMatch(/no "java" is on the PATH\..*KAFKA_BROKERS/);
    expect(javaProblem('no idea')).toMatch(/did not tell its version/);
  });

  it('know the version of Node', () => {
    expect(parseNodeMajor('v20.20.2')).toBe(20);
    expect(nodeProblem('v24.21.0')).toBeUndefined();
    expect(nodeProblem('v18.19.1')).toMatch(/Node 20 or newer is needed, this is v18\.19\.1\..*nodejs\.org/);
  });

  it('ask for Maven only when Kafka is not there and the wrapper cannot work', () => {
    const nothing = { jars: false, maven: false, wrapper: false };
    expect(mavenProblem({ ...nothing, jars: true })).toBeUndefined();
    expect(mavenProblem({ ...nothing, maven: true })).toBeUndefined();
    expect(mavenProblem({ ...nothing, wrapper: true })).toBeUndefined();
    expect(mavenProblem(nothing)).toMatch(/Maven is needed once.*apt-get install maven/);
  });

  it('refuse a port that is none', () => {
    expect(['', '0', '8080', '65535'].map(portProblem)).toEqual([undefined, undefined, undefined, undefined]);
    expect(portProblem('eighty')).toMatch(/PORT must be a number/);
    expect(portProblem('70000')).toMatch(/PORT must be a number/);
  });

  it('name a busy port and the way out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const problems = await machineProblems(
      '/nowhere',
      { KAFKA_BROKERS: 'kafka:9092', PORT: String(port) },
      { port: 8080 },
    );
    expect(problems).toEqual([
      expect.stringMatching(`Port ${port} of 127.0.0.1 is taken .*PORT=8081 npm start`),
    ]);
    await new Promise((resolve) => server.close(resolve));
  });
});
