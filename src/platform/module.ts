import type { ErrorTable } from './errors/define-errors.ts';
import type { ExampleValues } from './http/openapi/example-values.ts';
import type { MetricFactory } from './metrics.ts';
import type { SettingRule, SettingTable } from './settings/define-settings.ts';
import type { TableList } from './sql/control-store.ts';

/** Declarations of a domain. Each domain has a `module.ts`, and `src/app/modules.ts` lists them. */
export interface Module {
  /** Tables in the control store that the domain owns. */
  readonly tables?: TableList<object>;
  /** Errors that the domain's routes can return. */
  readonly errors?: ErrorTable;
  /** Environment variables that the domain reads. */
  readonly settings?: SettingTable;
  /** Rules that check settings which depend on each other. */
  readonly settingRules?: readonly SettingRule[];
  /** Adds the domain's metrics to the registry of a process. */
  readonly metrics?: (factory: MetricFactory) => object;
  /** Names under which the audit log records routes that change data, by method and path. */
  readonly auditedActions?: Readonly<Record<string, string>>;
  /** Descriptions of the domain's tags in the OpenAPI document. */
  readonly tags?: Readonly<Record<string, string>>;
  /** OpenAPI security schemes for the domain's routes. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** Example values in the OpenAPI document that readers must replace with their own. */
  readonly exampleValues?: ExampleValues;
}
