/** A value in examples that a reader replaces by one of their own. */
export interface ExampleValue {
  /** Unique among all examples, so that it can be replaced wherever it occurs. */
  readonly value: string;
  readonly description: string;
}

export type ExampleValues = Readonly<Record<string, ExampleValue>>;

/** Returns the example values of a domain. The OpenAPI document lists them as `x-example-values`. */
export function defineExamples<const Values extends ExampleValues>(values: Values): Values {
  return values;
}
