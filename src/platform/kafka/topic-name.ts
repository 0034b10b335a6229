import type { SettingType } from '../settings/setting-types.ts';

/** Creates the setting type for a Kafka topic name (Topic.java: legalChars, MAX_NAME_LENGTH). */
export function topicName(): SettingType<string> {
  return {
    label: 'topic name',
    parse(value) {
      if (!/^[A-Za-z0-9._-]{1,249}$/.test(value) || value === '.' || value === '..')
        throw new Error('must have 1 to 249 letters, digits, dots, underscores and hyphens');
      return value;
    },
  };
}
