import { bootService, ServiceUnderTest } from '@steward/directory/testing';
import type { CallContext } from '@steward/platform';
import { eventually } from '@steward/testing';
import * as organisation from '../src/index.js';

export type Item = Record<string, unknown>;

/** The items of a page. */
export const itemsOf = (body: Item): Item[] => body['items'] as Item[];

/** The instant so many days from now. */
export const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();

export class OrganisationUnderTest extends ServiceUnderTest<organisation.OrganisationConfig> {
  /** Boots it on an empty database with `hq.admin` as the first administrator. */
  static async start(): Promise<OrganisationUnderTest> {
    const env = { BOOTSTRAP_ADMIN_SUBJECT: 'hq.admin', BOOTSTRAP_GROUP_NAME: '示范集团' };
    return new OrganisationUnderTest(await bootService(organisation, env));
  }

  /** Waits until the guard knows what a subject holds. */
  async holds(subject: string, roles: number): Promise<void> {
    await eventually(async () => {
      const { body } = await this.get('/api/v1/me', subject);
      return (body['grants'] as CallContext['grants'] | undefined)?.length === roles;
    });
  }
}
