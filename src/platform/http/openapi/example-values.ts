/** A placeholder in the examples. Readers replace it with their own value. */
export interface ExampleValue {
  /** Text of the placeholder. No other example contains it, so that every occurrence can be replaced. */
  readonly value: string;
  readonly description: string;
}

export type ExampleValues = Readonly<Record<string, ExampleValue>>;

/** Defines the example values of a domain. The OpenAPI document lists them as `x-example-values`. */
export function defineExamples<const Values extends ExampleValues>(values: Values): Values {
  return values;
}
