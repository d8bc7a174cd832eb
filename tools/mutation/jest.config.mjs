// The unit specs of one package, for a mutation run: the other packages stay out, so that a run needs seconds.
import { join } from 'node:path';
import jest from '../../jest.config.mjs';

const unit = jest.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  roots: [join(unit.rootDir, process.env.MUTATION_PACKAGE)],
  watchman: false,
  // generated cases would make a score differ from run to run
  testPathIgnorePatterns: [...unit.testPathIgnorePatterns, '\\.properties\\.spec\\.ts$'],
};
