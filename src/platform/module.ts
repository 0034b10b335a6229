import type { ErrorTable } from './errors/define-errors.ts';
import type { ExampleValues } from './http/openapi/example-values.ts';
import type { MetricFactory } from './metrics.ts';
import type { SettingRule, SettingTable } from './settings/define-settings.ts';
import type { TableList } from './sql/control-store.ts';

/** The declarations of a domain. Each domain has a `module.ts`, and `src/app/modules.ts` lists them. */
export interface Module {
  /** The tables of the control store that the domain owns. */
  readonly tables?: TableList<object>;
  /** The errors that its routes can answer. */
  readonly errors?: ErrorTable;
  /** The environment variables that it reads. */
  readonly settings?: SettingTable;
  /** The rules between its settings. */
  readonly settingRules?: readonly SettingRule[];
  /** Adds its metrics to the registry of a process. */
  readonly metrics?: (factory: MetricFactory) => object;
  /** The audit log names of its routes that change data, by method and path. */
  readonly auditedActions?: Readonly<Record<string, string>>;
  /** The descriptions of its tags in the OpenAPI document. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The OpenAPI security schemes of its routes. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** The values in OpenAPI examples that a reader replaces. */
  readonly exampleValues?: ExampleValues;
}
