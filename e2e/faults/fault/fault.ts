import type { Choices } from '../choices.js';
import type { Load } from '../load/load.js';
import type { Needs, PlatformUnderFault, Role } from '../platform-under-fault.js';
import type { WorkingAgain } from '../working-again.js';

/** Where a fault strikes: the platform, everybody who works with it, and the run's own random choices. */
export type Scene = Readonly<{
  platform: PlatformUnderFault;
  load: Load;
  working: WorkingAgain;
  choices: Choices;
  say: (line: string) => void;
}>;

/** Something bad that happens. */
export type Fault = Readonly<{
  name: string;
  /** who must be seen working before the next fault */
  roles: readonly Role[];
  /** processes that it kills without warning */
  kills: number;
  /** strikes only a platform that was started so; without it, it mixes with all others */
  needs?: Needs;
  /** resolves when it has happened */
  apply(scene: Scene): Promise<void>;
  /** throws what does not hold while it lasts */
  meanwhile?(scene: Scene): Promise<void>;
  /** ends it; called in every case */
  heal?(scene: Scene): Promise<void>;
}>;
