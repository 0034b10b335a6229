import { type Static, Type } from 'typebox';
import { maxTagCodePoints, maxTags } from '../../events/session-event.ts';
import { maxSubjectChars } from './claims.ts';

/**
 * The claims of a Web Access Token. Their validation (structure.ts), their type and their reference page
 * (docs/reference/claims.md) are all derived from this schema. `rule` completes the sentence "must be ...", and `fix`
 * describes the remedy. Findings contain both. `description` explains the claim.
 */

export const locales = [
  ...['zh-CN', 'nl-NL', 'en-US', 'fr-FR', 'de-DE', 'it-IT', 'ja-JP'],
  ...['ko-KR', 'pt-BR', 'ru-RU', 'es-AR', 'es-ES', 'tr-TR'],
] as const;
export type Locale = (typeof locales)[number];

const maxNameChars = 256;

/** Texts that a schema node contains for findings and for docs/reference/claims.md. */
export interface Wording {
  readonly rule: string;
  readonly fix: string;
  readonly description?: string;
}

/**
 * Returns a schema for text that UTF-8 can encode. `maxUtf16` and `wellFormed` are custom keywords (structure.ts).
 */
function text(maxUtf16: number, wording: Wording) {
  return Type.String({ minLength: 1, maxUtf16, wellFormed: true, ...wording });
}

function instant(description: string) {
  return Type.Unsafe<number | null>({
    type: ['number', 'null'],
    rule: 'a number of seconds since 1970, or null',
    fix: 'Use a number of seconds, not milliseconds and not text, or omit the claim.',
    description,
  });
}

function locale(description: string) {
  return Type.Unsafe<Locale>({
    type: 'string',
    enum: [...locales],
    rule: `one of ${locales.join(', ')}`,
    fix: 'Use one of these values, in this spelling, or omit the claim.',
    description,
  });
}

function flag(description: string) {
  return Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    rule: 'true, false or null',
    fix: 'Write true or false without quotes.',
    description,
  });
}

const AclEntry = Type.Object(
  {
    dataSourceTitle: text(maxNameChars, {
      rule: `text of 1 to ${maxNameChars} characters`,
      fix: 'Name the data source by its title.',
      description: 'The title of the restricted data source',
    }),
    table: text(maxNameChars, {
      rule: `text of 1 to ${maxNameChars} characters`,
      fix: 'Name the table.',
      description: 'The restricted table',
    }),
    column: text(maxNameChars, {
      rule: `text of 1 to ${maxNameChars} characters`,
      fix: 'Name the column.',
      description: 'The restricted column',
    }),
    datatype: Type.Optional(
      text(maxNameChars, {
        rule: 'text',
        fix: 'Name the type of the column, such as text, numeric or datetime.',
        description: 'The data type of the column',
      }),
    ),
    members: Type.Optional(
      Type.Array(
        Type.Unsafe<string | number | boolean>({
          type: ['string', 'number', 'boolean'],
          wellFormed: true,
          rule: 'text, a number, true or false',
          fix: 'List plain values of the column.',
          description: 'One value',
        }),
        {
          rule: 'a list of values',
          fix: 'Put the values into a list.',
          description: 'The visible values. With `exclusionary`: the hidden values',
        },
      ),
    ),
    exclusionary: Type.Optional(flag('True if `members` lists the hidden values')),
    allMembers: Type.Optional(flag('True if all values are visible')),
  },
  {
    rule: 'an object',
    fix: 'Write each rule as an object with dataSourceTitle, table and column.',
    description: 'One rule',
  },
);

const Grants = Type.Object(
  {
    res: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^dashboards/[^\\s/]+$',
          maxUtf16: 1024,
          wellFormed: true,
          rule: 'dashboards/ID',
          fix: 'Write dashboards, a slash and the id of the dashboard, without spaces and other slashes.',
          description: 'One resource',
        }),
        {
          rule: 'a list of resources',
          fix: 'Put the resources into a list. Omit `res` to inherit them, or use [] for no resources.',
          description: 'What the viewer may open. Absent: every resource of the subject; `[]`: no resources',
        },
      ),
    ),
    flt: Type.Optional(
      Type.Array(
        Type.Object(
          {
            jaql: Type.Object(
              {},
              {
                rule: 'an object',
                fix: 'Write the JAQL of the filter as an object.',
                description: 'The JAQL of the filter. Required',
              },
            ),
          },
          {
            rule: 'an object with jaql',
            fix: 'Write each filter as an object with its JAQL in `jaql`.',
            description: 'One filter',
          },
        ),
        {
          rule: 'a list of filters',
          fix: 'Put the filters into a list, or omit `flt`.',
          description: 'JAQL filters. Absent: the filters of the dashboard; `[]`: no filters',
        },
      ),
    ),
    acl: Type.Optional(
      Type.Array(AclEntry, {
        rule: 'a list of data security rules',
        fix: 'Put the rules into a list, or omit `acl` to inherit the data security of the subject.',
        description: 'Data security rules. Absent: the rules of the subject; `[]`: no data security',
      }),
    ),
    prm: Type.Optional(
      Type.Unsafe<('filter' | 'export')[] | { filter?: boolean; export?: boolean }>({
        type: ['array', 'object'],
        items: {
          type: 'string',
          enum: ['filter', 'export'],
          rule: 'filter or export',
          fix: 'Use only filter and export.',
          description: 'One permission',
        },
        properties: {
          filter: {
            type: 'boolean',
            rule: 'true or false',
            fix: 'Write true or false.',
            description: 'Permission to filter',
          },
          export: {
            type: 'boolean',
            rule: 'true or false',
            fix: 'Write true or false.',
            description: 'Permission to export',
          },
        },
        rule: 'a list of filter and export, or an object with these members',
        fix: 'List what is allowed, such as ["filter", "export"], or omit `prm`.',
        description: 'What the viewer may do: `filter`, `export`',
      }),
    ),
  },
  {
    rule: 'an object',
    fix: 'Put res, flt, acl and prm into one object, or omit `grants`.',
    description: 'What the viewer may see and do. Absent: what the application grants the subject',
  },
);

export const WatClaimsSchema = Type.Object(
  {
    sub: text(maxSubjectChars, {
      rule: `text of 1 to ${maxSubjectChars} characters`,
      fix: 'Set `sub` to the id of the viewer.',
      description: 'The viewer. Required',
    }),
    exp: Type.Optional(
      instant('The token cannot be exchanged from this instant on. Absent or null: it never expires'),
    ),
    nbf: Type.Optional(instant('The token cannot be exchanged before this instant')),
    iat: Type.Optional(
      instant(
        'When the token was created. A revocation of all tokens of a viewer or a configuration compares this time with its own',
      ),
    ),
    iss: Type.Optional(
      text(1024, {
        rule: 'text of 1 to 1024 characters',
        fix: 'Name the issuer, or omit the claim.',
        description: 'The issuer of the token',
      }),
    ),
    grants: Type.Optional(Grants),
    lng: Type.Optional(locale('The language of the application')),
    loc: Type.Optional(locale('The locale of numbers and dates')),
    thm: Type.Optional(
      text(maxNameChars, {
        rule: `text of 1 to ${maxNameChars} characters`,
        fix: 'Name the theme by its id, or omit the claim.',
        description: 'The theme of the application',
      }),
    ),
    trc: Type.Optional(
      Type.Array(
        Type.String({
          tag: true,
          rule: `text of 1 to ${maxTagCodePoints} code points without control characters`,
          fix: 'Shorten the tag, or remove its control characters.',
          description: 'One tag',
        }),
        {
          maxItems: maxTags,
          rule: `a list of at most ${maxTags} tags`,
          fix: 'Put the tags into a list, or omit `trc`.',
          description: 'Tracking tags. The session is counted once for each tag',
        },
      ),
    ),
  },
  { rule: 'an object', fix: 'Write the payload as a JSON object.' },
);

/** The claims of a token without structural errors. Unknown claims are allowed. */
export type WatClaimSet = Static<typeof WatClaimsSchema>;
