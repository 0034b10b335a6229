import type { SettingType } from '../settings/setting-types.ts';

/**
 * Creates the setting type for a name that can be inserted into SQL without quotes. With `macros`, the value can also
 * be a ClickHouse macro.
 */
export function sqlName(options: { macros?: boolean } = {}): SettingType<string> {
  const { macros = false } = options;
  return {
    label: macros ? 'name, or a macro such as `{cluster}`' : 'name of letters, digits and underscores',
    parse(value) {
      if (!/^[A-Za-z_]\w{0,63}$/.test(value) && !(macros && /^(\{\w{1,64}\}|[\w.-]{1,64})$/.test(value))) {
        throw new Error('must be a name of letters, digits and underscores');
      }
      return value;
    },
  };
}
