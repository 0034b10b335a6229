import { Type } from 'typebox';
import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { AnswerHeader } from '../../platform/http/route-schema.ts';
import { Instant } from '../../platform/http/schemas.ts';
import { exampleSession } from './session-answer.ts';

/** The credentials of a session: headers, or the cookie of a link. */
export const sessionSecurity = [{ webSession: [], initialiser: [] }, { sessionCookie: [] }] as const;

export const renewedCookieHeader: AnswerHeader = {
  ...{ name: 'set-cookie', component: 'renewed-cookie' },
  description: 'wat_session anew, for who came with it, when it is renewed: to be passed on to the browser',
  isOptional: true,
};

export const SessionClaimsAnswer = Type.Object(
  {
    sessionId: Type.String({ format: 'uuid' }),
    subject: Type.String(),
    configurationId: Type.String(),
    organisationId: Type.String(),
    grants: Type.Unknown({ description: 'As in the token; null where it has none: inherited' }),
    lng: Type.Unknown({ description: 'As in the token, or null' }),
    loc: Type.Unknown({ description: 'As in the token, or null' }),
    thm: Type.Unknown({ description: 'As in the token, or null' }),
    tags: Type.Array(Type.String()),
    expiresAt: Instant,
  },
  {
    title: 'SessionClaims',
    examples: [
      {
        sessionId: exampleSession.sessionId,
        subject: 'alice@example.com',
        configurationId: exampleValues.configurationId.value,
        organisationId: 'default',
        grants: { res: ['dashboards/sales'] },
        ...{ lng: 'de-DE', loc: null, thm: null },
        tags: ['newsletter'],
        expiresAt: exampleSession.expiresAt,
      },
    ],
  },
);

export const RenewedSession = Type.Object(
  {
    sessionId: Type.String({ format: 'uuid' }),
    initialiser: Type.Optional(Type.String({ description: 'As before; not for a cookie' })),
    initializer: Type.Optional(Type.String({ description: 'The same, in the other spelling' })),
    webSessionToken: Type.Optional(
      Type.String({ description: 'Replaces the one before; not for a cookie, which is set anew instead' }),
    ),
    expiresAt: Instant,
  },
  { title: 'RenewedSession', examples: [exampleSession] },
);
