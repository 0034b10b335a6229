import type { ErrorTable } from './errors/define-errors.ts';
import type { ExampleValues } from './http/openapi/example-values.ts';
import type { MetricFactory } from './metrics.ts';
import type { SettingRule, SettingTable } from './settings/define-settings.ts';
import type { TableList } from './sql/control-store.ts';

/** What a domain declares. Each domain has a `module.ts`, and `src/app/modules.ts` lists them. */
export interface Module {
  /** The tables of the control store that the domain owns. */
  readonly tables?: TableList<object>;
  /** The errors that clients can meet. */
  readonly errors?: ErrorTable;
  /** The environment variables that it reads. */
  readonly settings?: SettingTable;
  /** What its settings require of each other. */
  readonly settingRules?: readonly SettingRule[];
  /** Adds its metrics to the registry of a process. */
  readonly metrics?: (factory: MetricFactory) => object;
  /** What the audit log calls its routes that change something, by method and path. */
  readonly auditedActions?: Readonly<Record<string, string>>;
  /** The descriptions of its tags in the OpenAPI document. */
  readonly tags?: Readonly<Record<string, string>>;
  /** How to authenticate with its routes, as OpenAPI describes it. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** What examples in the OpenAPI document use, for a reader to replace. */
  readonly exampleValues?: ExampleValues;
}
