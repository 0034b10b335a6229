import { Ajv, type DefinedError, type ErrorObject } from 'ajv';
import { isWellFormed, otherPassthroughChars, readTag } from '../claims/claims.ts';
import { WatClaimsSchema, type Wording } from '../claims/claims-schema.ts';
import { grantsChars, isDeeperThan, isObject, maxGrantsChars, maxOtherChars } from '../claims/json-size.ts';
import type { Finding } from './findings.ts';

/**
 * Maximum nesting depth. Filters written by hand are not that deep, and all parsers between the caller and the
 * gateway accept this depth.
 */
export const maxPayloadDepth = 128;

/**
 * Validates the `structure` level. Returns every difference between a payload and the rules in
 * docs/reference/claims.md. Pure.
 */
export type StructureCheck = (payload: unknown) => Finding[];

/** Creates a structure check with a compiled schema. */
export function createStructureCheck(): StructureCheck {
  const isClaimSet = createAjv().compile(WatClaimsSchema);
  return (payload) => {
    if (isDeeperThan(payload, maxPayloadDepth)) return [tooDeep];
    const faults = isClaimSet(payload) ? [] : toFindings(isClaimSet.errors ?? []);
    return [...faults, ...sizeFindings(payload)];
  };
}

const tooDeep: Finding = {
  level: 'structure',
  path: '',
  severity: 'error',
  message: `nests deeper than ${maxPayloadDepth} levels`,
  fix: 'Use fewer levels.',
};

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
  });
  ajv.addVocabulary(['rule', 'fix']);
  ajv.addKeyword({
    keyword: 'maxUtf16',
    type: 'string',
    schemaType: 'number',
    validate: (max: number, text: string) => text.length <= max,
  });
  ajv.addKeyword({
    keyword: 'wellFormed',
    type: 'string',
    schemaType: 'boolean',
    validate: (_: boolean, text: string) => isWellFormed(text),
  });
  ajv.addKeyword({
    keyword: 'tag',
    type: 'string',
    schemaType: 'boolean',
    validate: (_: boolean, text: string) => readTag(text) !== undefined,
  });
  return ajv;
}

/**
 * Returns one finding per path. If a value breaks several rules, one finding is enough, because its text contains all
 * rules.
 */
function toFindings(errors: readonly ErrorObject[]): Finding[] {
  const findingsByPath = new Map<string, Finding>();
  for (const error of errors as DefinedError[]) {
    const missing = error.keyword === 'required' ? error.params.missingProperty : undefined;
    const path = missing === undefined ? error.instancePath : `${error.instancePath}/${missing}`;
    const { rule, fix } = wordingOf(error, missing);
    const message = missing === undefined ? `must be ${rule}` : `is missing: must be ${rule}`;
    findingsByPath.set(path, { level: 'structure', path, severity: 'error', message, fix });
  }
  return [...findingsByPath.values()];
}

function wordingOf({ parentSchema }: ErrorObject, missing: string | undefined): Wording {
  return (missing === undefined ? parentSchema : parentSchema?.['properties'][missing]) as Wording;
}

function sizeFindings(payload: unknown): Finding[] {
  if (!isObject(payload)) return [];
  const grants = isObject(payload['grants']) ? grantsChars(payload['grants']) : 0;
  const other = otherPassthroughChars(payload);
  const tooLarge = (path: string, message: string, fix: string): Finding => ({
    ...{ level: 'structure', severity: 'error', path },
    ...{ message, fix },
  });
  return [
    ...(grants > maxGrantsChars
      ? [
          tooLarge(
            '/grants',
            `prm, res, flt and acl have ${grants} characters of JSON together: at most ${maxGrantsChars} are allowed`,
            'Use fewer filters and rules, or a resource that contains them.',
          ),
        ]
      : []),
    ...(other > maxOtherChars
      ? [
          tooLarge(
            '',
            `lng, loc, thm and the other members of grants have ${other} characters of JSON together: at most ${maxOtherChars} are allowed`,
            'Shorten them, or keep the data in the application.',
          ),
        ]
      : []),
  ];
}
