import type { ErrorTable } from './errors/define-errors.ts';
import type { SettingRule, SettingTable } from './settings/define-settings.ts';
import type { TableList } from './sql/control-store.ts';

/** What a domain declares. Each domain has a `module.ts`, and `src/app/modules.ts` lists them. */
export interface Module {
  /** The errors that clients can meet. */
  readonly errors?: ErrorTable;
  /** The tables of the control store that the domain owns. */
  readonly tables?: TableList<object>;
  /** The environment variables that it reads. */
  readonly settings?: SettingTable;
  /** What its settings require of each other. */
  readonly settingRules?: readonly SettingRule[];
}
