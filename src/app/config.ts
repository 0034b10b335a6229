import { type Parsed, parseSettings } from '../config/parse.ts';
import type { Module } from '../platform/module.ts';
import type { ConfigOf, Environment } from '../platform/settings/define-settings.ts';
import { settings } from './declared.ts';
import { modules } from './modules.ts';

const rules = modules.flatMap(({ settingRules = [] }: Module) => settingRules);

export type SettingName = keyof typeof settings;

/** Values of all settings. Each factory function receives only the settings that it needs. */
export type Config = ConfigOf<typeof settings>;

/** Parses all settings of an environment. Returns the values, or all validation errors together. Pure. */
export function parseConfig(env: Environment): Parsed<Config> {
  return parseSettings(settings, rules, env);
}
