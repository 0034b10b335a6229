// Converts an OpenAPI 3.1 document to the types that openapi-fetch reads. openapi-typescript does the same, but
// it needs the compiler API of TypeScript 5, which TypeScript 7 does not have.

const methods = ['get', 'put', 'post', 'delete', 'patch'];

/** Returns a TypeScript module that exports `paths` and `components`. */
export function renderTypes(document) {
  const paths = Object.entries(document.paths).map(([path, item]) => member(path, true, renderPath(item)));
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) =>
    member(name, true, renderSchema(schema)),
  );
  return [
    '// Generated from docs/reference/openapi.json by `npm run docs`. Do not edit it.',
    `export interface paths ${block(paths)}`,
    `export interface components { schemas: ${block(schemas)} }`,
    '',
  ].join('\n');
}

function renderPath(item) {
  const operations = methods.filter((method) => item[method]);
  return block(operations.map((method) => member(method, true, renderOperation(item[method]))));
}

function renderOperation({ parameters = [], requestBody, responses }) {
  const places = ['query', 'path', 'header', 'cookie'].map((place) =>
    renderParameters(
      place,
      parameters.filter((parameter) => parameter.in === place),
    ),
  );
  const body = requestBody && [member('requestBody', requestBody.required, renderContent(requestBody))];
  const answers = Object.entries(responses).map(([status, response]) =>
    member(status, true, renderContent(response)),
  );
  return block([
    member('parameters', true, block(places)),
    ...(body ?? []),
    member('responses', true, block(answers)),
  ]);
}

function renderParameters(place, parameters) {
  if (parameters.length === 0) return member(place, false, 'never');
  const members = parameters.map(({ name, required, schema }) =>
    member(name, required, renderSchema(schema)),
  );
  return member(
    place,
    parameters.some(({ required }) => required),
    block(members),
  );
}

function renderContent({ content, $ref }) {
  if ($ref) return '{ content: { "application/problem+json": { code?: string; detail?: string } } }';
  if (!content) return '{ content?: never }';
  const types = Object.entries(content).filter(
    ([type]) => type === 'application/json' || !content['application/json'],
  );
  const members = types.map(([type, { schema }]) => member(type, true, renderSchema(schema)));
  return block([member('content', true, block(members))]);
}

function renderSchema(schema) {
  if (schema.$ref) return `components['schemas'][${JSON.stringify(schema.$ref.split('/').at(-1))}]`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map(renderSchema).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => `(${renderSchema(part)})`).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => renderType({ ...schema, type })).join(' | ');
  return renderType(schema);
}

function renderType(schema) {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return schema.items ? `(${renderSchema(schema.items)})[]` : 'unknown[]';
    default:
      return schema.properties || schema.type === 'object' ? renderObject(schema) : 'unknown';
  }
}

function renderObject({ properties = {}, required = [], additionalProperties, patternProperties }) {
  const [pattern] = Object.values(patternProperties ?? {});
  const rest = pattern ?? additionalProperties;
  if (Object.keys(properties).length === 0) {
    return `Record<string, ${rest && typeof rest === 'object' ? renderSchema(rest) : 'unknown'}>`;
  }
  const members = Object.entries(properties).map(([name, schema]) =>
    member(name, required.includes(name), renderSchema(schema)),
  );
  return block(members);
}

function member(name, isRequired, type) {
  // openapi-fetch finds a status as a number, and TypeScript distinguishes 200 from "200".
  const key = /^\d+$/.test(name) ? name : JSON.stringify(name);
  return `${key}${isRequired ? '' : '?'}: ${type};`;
}

function block(members) {
  return members.length === 0 ? '{}' : `{\n${members.join('\n').replace(/^/gm, '  ')}\n}`;
}
