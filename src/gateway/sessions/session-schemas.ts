import { Type } from 'typebox';
import type { AnswerHeader } from '../../platform/http/routes/route-schema.ts';
import { Instant } from '../../platform/http/routes/schemas.ts';
import { tokenExamples } from '../../tokens/declarations/examples.ts';
import { exampleSession } from './session-answer.ts';

/** Credentials of a session: two headers, or the cookie that a link has set. */
export const sessionSecurity = [{ webSession: [], initialiser: [] }, { sessionCookie: [] }] as const;

export const renewedCookieHeader: AnswerHeader = {
  ...{ name: 'set-cookie', component: 'renewed-cookie' },
  description: 'The renewed wat_session, if the request had one. A proxy passes it on to the browser',
  isOptional: true,
};

export const SessionClaimsAnswer = Type.Object(
  {
    sessionId: Type.String({ format: 'uuid' }),
    subject: Type.String(),
    configurationId: Type.String(),
    organisationId: Type.String(),
    grants: Type.Unknown({
      description:
        'As in the token. null if the token has no grants, which means that the grants of the viewer in the application apply',
    }),
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
        configurationId: tokenExamples.configurationId.value,
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
    initialiser: Type.Optional(
      Type.String({
        description: 'The initialiser does not change. Absent if the request carried the session cookie',
      }),
    ),
    initializer: Type.Optional(Type.String({ description: 'The same value in American spelling' })),
    webSessionToken: Type.Optional(
      Type.String({
        description:
          'Replaces the previous token. Absent if the request carried the session cookie, which is renewed instead',
      }),
    ),
    expiresAt: Instant,
  },
  { title: 'RenewedSession', examples: [exampleSession] },
);
