import { Injectable } from '@nestjs/common';
import {
  findPolicy,
  notFound,
  policyKey,
  resolvePolicy,
  type PolicyDefinition,
  type ResolvedPolicy,
} from '@steward/kernel';
import { Directory } from './directory.js';

/** Policy values as they hold in a branch at a time (POL-01..05). */
@Injectable()
export class Policies {
  constructor(private readonly directory: Directory) {}

  /** The value with its version and where it was set. Throws `policy.missing` when none is set and none is the default. */
  async resolve<V>(
    definition: PolicyDefinition<V>,
    branchId: string,
    at: Date,
    params?: Record<string, string>,
  ): Promise<ResolvedPolicy<V>> {
    const key = policyKey(definition, params);
    return resolvePolicy(
      definition,
      key,
      await this.directory.policyValues(key),
      await this.path(branchId),
      at,
    );
  }

  /** Like `resolve`, undefined instead of the error. */
  async find<V>(
    definition: PolicyDefinition<V>,
    branchId: string,
    at: Date,
    params?: Record<string, string>,
  ): Promise<ResolvedPolicy<V> | undefined> {
    const key = policyKey(definition, params);
    return findPolicy(definition, key, await this.directory.policyValues(key), await this.path(branchId), at);
  }

  private async path(branchId: string): Promise<{ groupId: string; regionId?: string; branchId: string }> {
    const path = await this.directory.pathOf(branchId);
    if (!path) throw notFound('branch.unknown', 'This branch is not known here yet.');
    return path;
  }
}
