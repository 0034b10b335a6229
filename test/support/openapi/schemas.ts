import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../src/platform/http/routes/route-schema.ts';
import { published } from './document.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/;

/** Creates a strict validator, which reports unknown keywords and formats as schema errors. */
export function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
  ajv.addFormat('date-time', instant);
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  // References point to components of the document, so every schema is compiled together with the components.
  ajv.addKeyword('components');
  return ajv;
}

const ajv = createAjv();
const compiled = new Map<JsonSchema, ValidateFunction>();

/** Validates a value against a schema in the document. Returns the errors, or an empty list if the value is valid. */
export function faultsOf(schema: JsonSchema, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: published.components });
  compiled.set(schema, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
