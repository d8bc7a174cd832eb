import { kafkaReason } from '@steward/messaging';
import { conflict, unavailable, type DomainError } from '@steward/kernel';

export const notOffered = (): DomainError =>
  conflict(
    'partner-topic.not-offered',
    'This installation names no brokers for partners, see PARTNER_KAFKA_BROKERS. Use webhooks.',
  );

export const brokerOpen = (): DomainError =>
  conflict(
    'partner-topic.broker-open',
    'The brokers have no access control: whoever reached them would read every topic.',
  );

export const shownOnce = (): DomainError =>
  conflict(
    'partner-topic.shown-once',
    'The credentials of this Idempotency-Key were shown already. Issue new ones with a new key.',
  );

export const brokerFailed = (error: unknown): DomainError =>
  unavailable('partner-topic.broker-failed', `The brokers did not do it. ${kafkaReason(error)}`);
