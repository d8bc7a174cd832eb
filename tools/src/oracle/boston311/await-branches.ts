import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toCsv } from '@steward/platform';
import { eventually } from '@steward/testing';
import { importFile } from '../../import/import-file.js';
import type { GatewayAccess } from '../gateway-client.js';
import type { BranchPlan } from './branch-plan.js';
import { neededColumns, type BostonMapping } from './mapping.js';
