import { z } from 'zod';

const instant = () => z.iso.datetime();

export const rebuildBody = z.strictObject({}).meta({ id: 'BeginRebuild', examples: [{}] });

export const rebuildDto = z
  .object({
    active: z.int().describe('The build that serves.'),
    building: z.int().nullable().describe('The build that is being made beside it.'),
    startedAt: instant().nullable(),
    switchedAt: instant().nullable(),
    compared: z
      .object({ at: instant(), facts: z.int(), differing: z.int(), equal: z.boolean() })
      .nullable()
      .describe('The last comparison of two builds at the same positions.'),
  })
  .meta({
    id: 'Rebuild',
    examples: [
      {
        active: 2,
        building: null,
        startedAt: '2026-03-02T01:00:00.000Z',
        switchedAt: '2026-03-02T01:00:07.000Z',
        compared: { at: '2026-03-02T01:00:07.000Z', facts: 48211, differing: 0, equal: true },
      },
    ],
  });
export type RebuildDto = z.output<typeof rebuildDto>;
