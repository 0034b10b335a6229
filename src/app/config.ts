import { type Parsed, parseSettings } from '../config/parse.ts';
import type { ConfigOf, Environment } from '../platform/settings/define-settings.ts';
import { settingRules, settings } from './modules.ts';

export type SettingName = keyof typeof settings;

/** The values of all settings. Each factory takes the members that it reads. */
export type Config = ConfigOf<typeof settings>;

/** Returns all settings of an environment, or every fault at once. Pure. */
export function parseConfig(env: Environment): Parsed<Config> {
  return parseSettings(settings, settingRules, env);
}
