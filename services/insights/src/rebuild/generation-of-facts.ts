import { generationOf } from '@steward/messaging';
import type { Tx } from '@steward/platform';

/** The first build of the read model; later ones come from rebuilds. */
export const FIRST_GENERATION = 1;

/** The build whose consumer handles an event: its facts go into that one. */
export const generationOfFacts = (tx: Tx): number => generationOf(tx) ?? FIRST_GENERATION;
