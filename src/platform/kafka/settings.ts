import { defineSettings, isSet, optional, type SettingRule, setting } from '../settings/define-settings.ts';
import { addresses } from '../settings/network-setting-types.ts';
import { oneOf, text } from '../settings/setting-types.ts';

/** Settings of connections to Kafka. */
export const kafkaSettings = defineSettings({
  KAFKA_BROKERS: optional(addresses(), {
    doc: 'Brokers of Apache Kafka, `host:port` with commas. When set, events go to Kafka, and consumers store them.',
  }),
  KAFKA_TLS: setting(oneOf('true', 'false'), {
    default: 'false',
    doc: 'Whether brokers are spoken to over TLS.',
  }),
  KAFKA_CA_FILE: optional(text(), {
    doc: 'PEM file of the authority that signed the brokers’ certificates, where Node does not know it.',
  }),
  KAFKA_SASL_MECHANISM: optional(oneOf('plain', 'scram-sha-256', 'scram-sha-512'), {
    doc: 'How to log in to the brokers; with KAFKA_USERNAME and KAFKA_PASSWORD.',
  }),
  KAFKA_USERNAME: optional(text(), { doc: 'User for SASL.' }),
  KAFKA_PASSWORD: optional(text(), { secret: true, doc: 'Password for SASL.' }),
});

/** SASL needs a user and a password. */
export const kafkaSettingRule: SettingRule = (env) => {
  if (!isSet(env, 'KAFKA_SASL_MECHANISM')) return [];
  return ['KAFKA_USERNAME', 'KAFKA_PASSWORD']
    .filter((name) => !isSet(env, name))
    .map((path) => ({ path, message: 'must be set with KAFKA_SASL_MECHANISM' }));
};
