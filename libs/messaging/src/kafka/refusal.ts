import kafkajs from 'kafkajs';
import { reasonOf } from '../log.js';

const TLS = /certificate|CERT_|SSL routines|ERR_SSL|ERR_TLS|altname|before secure TLS/i;

/**
 * Tells in one sentence that the cluster does not let us in: the password, the certificate or the rights are wrong.
 * Undefined for any other failure. Repeating does not help until somebody changes the configuration.
 */
export function refusalOf(error: unknown): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const told = sentence(cause) ?? firstOf(cause);
    if (told) return told;
  }
  return undefined;
}

/** The creation of several topics fails with one error for each. */
function firstOf(error: Error): string | undefined {
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) ? errors.map(refusalOf).find((told) => told !== undefined) : undefined;
}

function sentence(error: Error): string | undefined {
  if (error instanceof kafkajs.KafkaJSSASLAuthenticationError)
    return `Kafka refuses the login, see KAFKA_SASL_*: ${error.message}`;
  if (error instanceof kafkajs.KafkaJSProtocolError && /AUTHORIZATION_FAILED$/.test(error.type ?? ''))
    return `Kafka lets us in but does not allow it, see the ACLs of this user: ${error.message}`;
  const { code = '' } = error as { code?: unknown };
  return TLS.test(`${String(code)} ${error.message}`)
    ? `No encrypted connection to Kafka, see KAFKA_TLS and KAFKA_CA: ${error.message}`
    : undefined;
}

/** The reason of a failure for people: what refuses us, else what the error says. */
export const kafkaReason = (error: unknown): string => refusalOf(error) ?? reasonOf(error);
