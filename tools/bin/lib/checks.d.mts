export const MIN_NODE: number;
export const MIN_JAVA: number;
export function parseNodeMajor(text: string): number | undefined;
export function parseJavaMajor(output: string): number | undefined;
export function nodeProblem(version?: string): string | undefined;
export function javaProblem(output: string | undefined): string | undefined;
export function mavenProblem(facts: { jars: boolean; maven: boolean; wrapper: boolean }): string | undefined;
export function portProblem(text: string | undefined): string | undefined;
export function machineProblems(
  repository: string,
  env: NodeJS.ProcessEnv,
  options?: { port?: number },
): Promise<string[]>;
