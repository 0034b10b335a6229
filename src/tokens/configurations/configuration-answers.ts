import { type Static, Type } from 'typebox';
import { Instant, toInstant } from '../../platform/http/routes/schemas.ts';
import { tokenExamples } from '../declarations/examples.ts';
import type { TokenConfiguration } from './configuration-store.ts';

/** Path prefix of all token configuration routes. */
export const configurationsPath = '/api/v1/web-access-tokens/configurations';
export const configurationTags = ['token configurations'];

export const ConfigurationId = Type.Object({
  id: Type.String({
    ...{ maxLength: 64, description: 'The id of a token configuration' },
    examples: [tokenExamples.configurationId.value],
  }),
});

const members = {
  id: Type.String({
    description: 'The `kid` header of the tokens of this configuration: 24 hexadecimal digits',
  }),
  name: Type.String(),
  enabled: Type.Boolean({ description: 'False if the tokens of the configuration are rejected' }),
  createdAt: Instant,
};
export const Configuration = Type.Object(members, { title: 'Configuration' });
export const configurationExample: Static<typeof Configuration> = {
  id: tokenExamples.configurationId.value,
  name: 'Customer dashboards',
  enabled: true,
  createdAt: '2026-11-21T09:00:00.000Z',
};
export const KeyedConfigurationAnswer = Type.Object(
  {
    ...members,
    publicKey: Type.String({
      description:
        'The public key as SPKI PEM. It creates tokens: keep it secret. Only this response contains it',
    }),
  },
  { title: 'KeyedConfiguration' },
);

/** Converts a token configuration to its API representation. */
export function answerOf({ id, name, enabled, createdAtMs }: TokenConfiguration) {
  return { id, name, enabled, createdAt: toInstant(createdAtMs) };
}
