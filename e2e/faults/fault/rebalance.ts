import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { asAdmin, brokerClient } from './topics-client.js';
import type { Fault } from './fault.js';

const LASTS_MS = 60_000;
const LONGEST_STAY_MS = 2500;
const AT_ONCE = 3;

/** Strangers join consumer groups, get partitions that they do not work on, and leave, all the time. */
export const rebalance: Fault = {
  name: 'rebalance',
  roles: ['insights', 'partners', 'broker'],
  kills: 0,
  async apply({ platform, choices, say }) {
    const client = brokerClient(platform.brokers, 'stranger');
    const groups = await asAdmin(client, groupsOf);
    const until = performance.now() + LASTS_MS;
    let visits = 0;
    const visitAll = async (): Promise<void> => {
      for (let round = 0; performance.now() < until; round += 1) {
        await visit(client, choices.pick(groups), choices.below(LONGEST_STAY_MS));
        visits += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visitAll));
    say(`${visits} strangers came to ${groups.length} groups and left`);
  },
  // once more while the last of them have just left
  meanwhile: ({ working }) => working.seen('insights'),
};

type Group = Readonly<{ groupId: string; topics: readonly string[] }>;

async function groupsOf(admin: kafkajs.Admin): Promise<Group[]> {
  const { groups } = await admin.listGroups();
  const ids = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith('steward.'));
  const described = await admin.describeGroups(ids);
  return described.groups.flatMap(({ groupId, members }) => {
    const [member] = members;
    if (!member) return [];
    const { topics } = kafkajs.AssignerProtocol.MemberMetadata.decode(member.memberMetadata)!;
    return [{ groupId, topics }];
  });
}

async function visit(client: kafkajs.Kafka, { groupId, topics }: Group, stayMs: number): Promise<void> {
  const stranger = client.consumer({ groupId, retry: { retries: 2 }, maxWaitTimeInMs: 200 });
  try {
    await stranger.connect();
    await stranger.subscribe({ topics: [...topics], fromBeginning: true });
    await stranger.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    await pause(stayMs);
  } finally {
    await stranger.disconnect().catch(() => undefined);
  }
}
