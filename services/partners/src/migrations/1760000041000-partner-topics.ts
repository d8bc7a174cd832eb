import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The topic of its own that a grant brings its partner; one per partner, until the brokers know that it is over. */
export class PartnerTopics1760000041000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table partner_grant
        add column topic text,
        add column topic_state text check (topic_state in ('open', 'closing')),
        add column topic_subscription_id uuid,
        add column topic_credentials_at timestamptz,
        add check ((topic is null) = (topic_state is null) and (topic is null) = (topic_subscription_id is null));
      create unique index partner_grant_topic on partner_grant (partner_id) where topic is not null;
      create index partner_grant_closing on partner_grant (id) where topic_state = 'closing';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table partner_grant drop column topic, drop column topic_state,
      drop column topic_subscription_id, drop column topic_credentials_at`);
  }
}
