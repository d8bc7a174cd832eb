import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { kafkaReason, refusalOf } from './refusal.js';

// the client's types know no argument of it
const login = Reflect.construct(kafkajs.KafkaJSSASLAuthenticationError, ['wrong password']) as Error;
const denied = new kafkajs.KafkaJSProtocolError(
  Object.assign(new Error('denied'), { type: 'TOPIC_AUTHORIZATION_FAILED', code: 29, retriable: false }),
);
const away = new kafkajs.KafkaJSProtocolError(
  Object.assign(new Error('moved'), { type: 'NOT_LEADER_FOR_PARTITION', code: 6, retriable: true }),
);
const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('a cluster that does not let us in', () => {
  it.each([
    ['the login', login, 'Kafka refuses the login, see KAFKA_SASL_*: wrong password'],
    ['the rights', denied, 'Kafka lets us in but does not allow it, see the ACLs of this user: denied'],
    [
      'the certificate',
      new Error('self-signed certificate'),
      'No encrypted connection to Kafka, see KAFKA_TLS and KAFKA_CA: self-signed certificate',
    ],
    [
      'a code of TLS',
      coded('CERT_HAS_EXPIRED'),
      'No encrypted connection to Kafka, see KAFKA_TLS and KAFKA_CA: x',
    ],
    ['a cause', new Error('outer', { cause: new Error('middle', { cause: login }) }), 'wrong password'],
    [
      'one of several errors',
      Object.assign(new Error('several'), { errors: [away, denied] }),
      'see the ACLs of this user: denied',
    ],
  ])('says so: %s', (_title, error, told) => {
    expect(refusalOf(error)).toContain(told);
    expect(kafkaReason(error)).toBe(refusalOf(error));
  });

  it.each([
    ['a broker that is away', coded('ECONNREFUSED')],
    ['another error of the protocol', away],
    ['errors that are no list', Object.assign(new Error('x'), { errors: 'denied' })],
    ['several errors of another kind', Object.assign(new Error('x'), { errors: [away] })],
    ['a thrown text', 'certificate'],
  ])('is not meant by %s', (_title, error) => {
    expect(refusalOf(error)).toBeUndefined();
  });

  it('else the reason is what the error says', () => {
    expect([kafkaReason(new Error('away')), kafkaReason('thrown')]).toEqual(['away', 'thrown']);
  });
});
