export function installStamp(repository: string): string;
export function buildStamp(repository: string): string;
export function installState(repository: string): string;
export function buildState(repository: string): string;
export function readStamp(file: string): string | undefined;
export function writeStamp(file: string, state: string): void;
