import { type Parsed, parseSettings } from '../config/parse.ts';
import type { Module } from '../platform/module.ts';
import type { ConfigOf, Environment } from '../platform/settings/define-settings.ts';
import { settings } from './declared.ts';
import { modules } from './modules.ts';

const rules = modules.flatMap(({ settingRules = [] }: Module) => settingRules);

export type SettingName = keyof typeof settings;

/** The values of all settings. Each factory takes the members that it reads. */
export type Config = ConfigOf<typeof settings>;

/** Returns all settings of an environment, or every fault at once. Pure. */
export function parseConfig(env: Environment): Parsed<Config> {
  return parseSettings(settings, rules, env);
}
