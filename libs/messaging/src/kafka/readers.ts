import kafkajs, { type Admin, type Kafka as KafkaClient } from 'kafkajs';
import { dropScramPassword, setScramPassword } from './scram-users.js';

/** Somebody outside: a login, the one topic that it may read, and how the groups begin in which it may read. */
export type Reader = Readonly<{ user: string; topic: string; groups: string }>;

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** Logins and rights of readers outside. Each use has a connection of its own: it is seldom. */
export class Readers {
  /** `prefix` stands before users, topics and groups, as before all topics of the installation. */
  constructor(
    private readonly client: KafkaClient,
    private readonly prefix = '',
  ) {}

  /** Whether the brokers control access at all; where they do not, whoever reaches them reads everything. */
  async areControlled(): Promise<boolean> {
    try {
      await this.administer((admin) =>
        admin.describeAcls({ ...EVERY, resourceType: AclResourceTypes.TOPIC }),
      );
      return true;
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSProtocolError && error.type === 'SECURITY_DISABLED') return false;
      throw error;
    }
  }

  /** Lets a reader read its topic in its groups, and nothing else. */
  async allow({ user, topic, groups }: Reader): Promise<void> {
    const { READ, DESCRIBE } = AclOperationTypes;
    const whose = { principal: this.principal(user), host: '*', permissionType: AclPermissionTypes.ALLOW };
    const ofTopic = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: this.prefix + topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    };
    const ofGroups = {
      resourceType: AclResourceTypes.GROUP,
      resourceName: this.prefix + groups,
      resourcePatternType: ResourcePatternTypes.PREFIXED,
    };
    const acl = [ofTopic, ofGroups].flatMap((of) =>
      [READ, DESCRIBE].map((operation) => ({ ...of, ...whose, operation })),
    );
    await this.administer((admin) => admin.createAcls({ acl }));
  }

  /** Gives a login a new password for SCRAM-SHA-512; the old one does not count any more. */
  async setPassword(user: string, password: string): Promise<void> {
    await setScramPassword(this.client, this.prefix + user, password);
  }

  /** Takes every right and the password of a login away. Connections that are open are refused from then on. */
  async expel(user: string): Promise<void> {
    const principal = this.principal(user);
    const filter = { ...EVERY, resourceType: AclResourceTypes.ANY, principal };
    await this.administer((admin) => admin.deleteAcls({ filters: [filter as never] }));
    await dropScramPassword(this.client, this.prefix + user);
  }

  private principal(user: string): string {
    return `User:${this.prefix}${user}`;
  }

  private async administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

const EVERY = {
  resourcePatternType: ResourcePatternTypes.ANY,
  operation: AclOperationTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
};
