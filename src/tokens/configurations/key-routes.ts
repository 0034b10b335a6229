import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { attachmentOf, toFileName } from '../../platform/files/file-names.ts';
import { asksFor } from '../../platform/http/accept.ts';
import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import { type AnswerHeader, locationHeader } from '../../platform/http/route-schema.ts';
import { NameText, strict } from '../../platform/http/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { parseInstant } from '../../platform/instants.ts';
import {
  answerOf,
  ConfigurationId,
  configurationExample,
  configurationsPath,
  configurationTags,
  KeyedConfigurationAnswer,
} from './configuration-answers.ts';
import type { Configurations, KeyedConfiguration } from './configurations.ts';

export interface KeyRoutesDeps {
  readonly configurations: Configurations;
  /** Which organisation a request may see; undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** Where a request's new things belong. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
}

/** As a file: what OpenSSL, browsers and mail programs call a PEM. */
const pemType = 'application/x-pem-file';

const KeyQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Unsafe<'json' | 'pub'>({
        type: 'string',
        enum: ['json', 'pub'],
        description: `pub: the key alone, as a file to download; as Accept: ${pemType} asks for it`,
      }),
    ),
  },
  strict,
);
const response = {
  201: {
    description: 'The key is shown this once',
    content: {
      'application/json': {
        schema: KeyedConfigurationAnswer,
        example: { ...configurationExample, publicKey: exampleValues.publicKey.value },
      },
      [pemType]: {
        schema: Type.String({ description: 'The public key; its configuration is in X-Configuration-Id' }),
        example: exampleValues.publicKey.value,
      },
    },
  },
};
const answerHeaders: readonly AnswerHeader[] = [
  locationHeader,
  {
    name: 'content-disposition',
    description: 'A name for the file, with format=pub',
    isOptional: true,
  },
  {
    name: 'x-configuration-id',
    description: 'Id of the token configuration, with format=pub',
    isOptional: true,
  },
];
const NewConfiguration = Type.Object(
  { name: NameText },
  { ...strict, title: 'NewConfiguration', examples: [{ name: 'Customer dashboards' }] },
);
const KeyRotation = Type.Object(
  {
    acceptOldUntil: Type.String({
      format: 'date-time',
      maxLength: 64,
      description: 'With an offset. What is past stops older keys at once; at most 100 years ahead',
    }),
  },
  { ...strict, title: 'KeyRotation', examples: [{ acceptOldUntil: '2026-12-31T00:00:00Z' }] },
);
const config = { access: { scope: 'tokens:write' } } as const;

/** The two routes that show a public key, once: making a configuration, and rotating its key. */
export function registerKeyRoutes(server: HttpServer, deps: KeyRoutesDeps): void {
  const { configurations, organisationOf, homeOrganisationOf } = deps;

  server.post(
    configurationsPath,
    {
      config,
      schema: {
        operationId: 'createConfiguration',
        summary: 'Make a token configuration',
        tags: configurationTags,
        body: NewConfiguration,
        querystring: KeyQuery,
        response,
        answerHeaders,
      },
    },
    async (request, reply) => {
      const made = await configurations.create(request.body.name, homeOrganisationOf(request));
      return sendKey(made, isFileWanted(request.query.format, request), reply);
    },
  );

  server.post(
    `${configurationsPath}/:id/rotate`,
    {
      config,
      schema: {
        operationId: 'rotateConfigurationKey',
        summary: 'A new key; tokens made with older ones are accepted until a date',
        tags: configurationTags,
        params: ConfigurationId,
        body: KeyRotation,
        querystring: KeyQuery,
        response,
        answerHeaders,
        errors: ['configuration_not_found', 'too_many_keys'],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const untilMs = instantOf(request.body.acceptOldUntil);
      const rotated = await configurations.rotate(id, untilMs, organisationOf(request));
      return sendKey(rotated, isFileWanted(request.query.format, request), reply);
    },
  );
}

/** The parameter says more than the header: people can write it, and browsers' headers are not theirs. */
function isFileWanted(format: 'json' | 'pub' | undefined, { headers }: FastifyRequest): boolean {
  return format === undefined ? asksFor(pemType, headers.accept) : format === 'pub';
}

function sendKey(
  { configuration, publicKeyPem }: KeyedConfiguration,
  isFile: boolean,
  reply: FastifyReply,
): ({ publicKey: string } & ReturnType<typeof answerOf>) | string {
  const { id, name } = configuration;
  reply.code(201).header('cache-control', 'no-store').header('location', `${configurationsPath}/${id}`);
  if (!isFile) return { ...answerOf(configuration), publicKey: publicKeyPem };
  reply
    .type(pemType)
    .header('content-disposition', attachmentOf(`${toFileName(name, 'configuration')}.pub`))
    .header('x-configuration-id', id);
  return publicKeyPem;
}

/** The schema has refused what is none. */
function instantOf(text: string): number {
  const ms = parseInstant(text);
  if (ms === undefined) throw new AppError('invalid_request');
  return ms;
}
