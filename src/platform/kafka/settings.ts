import { defineSettings, isSet, optional, type SettingRule, setting } from '../settings/define-settings.ts';
import { addresses } from '../settings/network-setting-types.ts';
import { oneOf, text } from '../settings/setting-types.ts';

/** Settings for connections to Kafka. */
export const kafkaSettings = defineSettings({
  KAFKA_BROKERS: optional(addresses(), {
    doc: 'Brokers of Apache Kafka. If set, events are sent to Kafka, and consumers store them.',
  }),
  KAFKA_TLS: setting(oneOf('true', 'false'), {
    default: 'false',
    doc: 'Whether connections to the brokers use TLS.',
  }),
  KAFKA_CA_FILE: optional(text(), {
    doc: 'PEM file with the certificate authority of the brokers, if Node does not know it.',
  }),
  KAFKA_SASL_MECHANISM: optional(oneOf('plain', 'scram-sha-256', 'scram-sha-512'), {
    doc: 'SASL mechanism of the brokers. Needs KAFKA_USERNAME and KAFKA_PASSWORD.',
  }),
  KAFKA_USERNAME: optional(text(), { doc: 'User for SASL.' }),
  KAFKA_PASSWORD: optional(text(), { secret: true, doc: 'Password for SASL.' }),
});

/** Requires a user and a password if SASL is used. */
export const kafkaSettingRule: SettingRule = (env) => {
  if (!isSet(env, 'KAFKA_SASL_MECHANISM')) return [];
  return ['KAFKA_USERNAME', 'KAFKA_PASSWORD']
    .filter((name) => !isSet(env, name))
    .map((path) => ({ path, message: 'must be set with KAFKA_SASL_MECHANISM' }));
};
