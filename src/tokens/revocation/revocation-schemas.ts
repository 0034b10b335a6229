import { Type } from 'typebox';
import { NextCursor } from '../../platform/http/routes/paging.ts';
import { Instant } from '../../platform/http/routes/schemas.ts';
import { tokenExamples } from '../declarations/examples.ts';

const exampleId = tokenExamples.revocationId.value;

export const RevocationId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of a revocation', examples: [exampleId] }),
});

const Item = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ description: '`token`, `viewer` or `configuration`' }),
    configurationId: Type.String(),
    organisationId: Type.String(),
    subject: Type.Union([Type.String(), Type.Null()], {
      description:
        'The viewer, for the kind `viewer`. null: another kind, or a revocation of a version that did not store it',
    }),
    revokedAt: Instant,
    until: Type.Union([Instant, Type.Null()], { description: 'null: the revocation has no end' }),
    endSessions: Type.Boolean({ description: 'True if the revocation has ended open sessions' }),
    revokedBy: Type.Union([Type.String(), Type.Null()], {
      description: 'The principal of the last call, as `actor` in the audit log. null: unknown',
    }),
  },
  { title: 'ListedRevocation' },
);

export const RevocationPage = Type.Object(
  { items: Type.Array(Item), nextCursor: NextCursor },
  {
    title: 'RevocationList',
    examples: [
      {
        items: [
          {
            ...{ id: exampleId, kind: 'viewer', organisationId: 'default', subject: 'alice@example.com' },
            configurationId: tokenExamples.configurationId.value,
            ...{ revokedAt: '2026-11-21T09:00:00.250Z', until: null, endSessions: true },
            revokedBy: 'api-token:k3v9q2m7x1ab',
          },
        ],
        nextCursor: null,
      },
    ],
  },
);
