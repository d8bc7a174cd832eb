import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlatformUnderTest } from '../test/platform-under-test.js';
import { RepositoryCopy } from '../test/repository-copy.js';

const LIMIT = 600_000;
const NEW_SERVICE = ['tools/bin/new-service.mjs', 'xylophone'];
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

describe('npm run new-service', () => {
  let copy: RepositoryCopy;
  let platform: PlatformUnderTest | undefined;

  beforeAll(() => {
    copy = new RepositoryCopy();
  }, LIMIT);
  afterAll(async () => {
    await platform?.remove();
    copy?.remove();
  }, LIMIT);

  const fileOf = (path: string) => join(copy.folder, path);
  const read = (path: string) => readFileSync(fileOf(path), 'utf8');

  it(
    'leaves everything as it was when it cannot finish',
    () => {
      const fault = 'tsconfig.json';
      const [good, lock, list] = [read(fault), read('package-lock.json'), read('tools/src/api-services.ts')];
      writeFileSync(fileOf(fault), '{ "extends": "./nowhere.json", "files": [] }');
      const { code, output } = copy.run('tools/dist/new-service.js', 'xylophone');
      writeFileSync(fileOf(fault), good);
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('nothing was changed') });
      expect(output).toContain('nowhere.json');
      for (const path of [
        'services/xylophone',
        'libs/contracts/src/xylophone',
        'node_modules/@steward/service-xylophone',
      ])
        expect({ path, there: existsSync(fileOf(path)) }).toEqual({ path, there: false });
      expect([read('package-lock.json'), read('tools/src/api-services.ts')]).toEqual([lock, list]);
    },
    LIMIT,
  );

  it(
    'makes a service that the checks of the repository pass',
    () => {
      const made = copy.run(...NEW_SERVICE);
      expect(made).toEqual({ code: 0, output: expect.stringContaining('services/xylophone is there') });
      const touched = [
        'services/xylophone',
        'libs/contracts/src',
        'services/gateway/src/routing',
        'tools/src',
      ];
      const checks = [
        ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.spec.json'],
        [
          'tools/bin/lint.mjs',
          'services/xylophone',
          'libs/contracts/src/xylophone',
          'tools/src/api-services.ts',
        ],
        [
          'node_modules/prettier/bin/prettier.cjs',
          '--check',
          ...touched,
          'docs/events',
          'deploy',
          'docker-compose.yml',
          'tools/*.json',
        ],
        ['tools/dist/openapi.js', '--check'],
        ['libs/contracts/scripts/release.mjs', '--check'],
        [
          ...JEST,
          '--selectProjects',
          'unit',
          '--testPathPatterns',
          'services/xylophone',
          'libs/contracts',
          'routing',
          'deployment',
        ],
      ];
      for (const check of checks) {
        const { code, output } = copy.run(...check);
        expect({ check, code, output: code === 0 ? '' : output }).toEqual({ check, code: 0, output: '' });
      }
    },
    LIMIT,
  );

  it(
    'whose own tests pass on PostgreSQL and Kafka',
    () => {
      const args = [
        '--selectProjects',
        'app',
        '--testTimeout=60000',
        '--testPathPatterns',
        'services/xylophone',
      ];
      expect(copy.run(...JEST, ...args)).toEqual({
        code: 0,
        output: expect.stringMatching(/Tests: +6 passed, 6 total/),
      });
    },
    LIMIT,
  );

  it(
    'which npm start runs behind the gateway',
    async () => {
      platform = await PlatformUnderTest.create(copy.folder);
      await platform.start();
      const manager = await platform.as('eb1.manager');
      type Note = { id: string; text: string };
      const branches = await manager.all<{ id: string; code: string }>('/units');
      const branchId = branches.find(({ code }) => code === 'EB1')!.id;
      const note = await manager.post<Note>('/xylophone-notes', { branchId, text: 'Spare key at the desk.' });
      expect(await manager.get(`/xylophone-notes/${note.id}`)).toEqual(note);
      expect(await (await platform.as('eb2.manager')).all('/xylophone-notes')).toEqual([]);
      const { gateway } = platform.addresses;
      const document = (await (await fetch(`${gateway}/openapi.json`)).json()) as { paths: object };
      expect(Object.keys(document.paths)).toContain('/api/v1/xylophone-notes');
    },
    LIMIT,
  );
});
