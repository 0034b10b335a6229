import type { FastifyReply, FastifyRequest } from 'fastify';
import { attachmentOf, toFileName } from '../../platform/files/file-names.ts';
import { prefersMediaType } from '../../platform/http/routes/accept.ts';
import { NoQuery, toInstant, toInstantOrNull } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenErrors } from '../declarations/errors.ts';
import { answerOf, ConfigurationId, configurationsPath, configurationTags } from './configuration-answers.ts';
import type { AcceptedKey } from './configuration-keys.ts';
import type { Configurations, KeyedConfiguration } from './configurations.ts';
import {
  AcceptedKeys,
  KeyQuery,
  KeyRotation,
  keyAnswer,
  keyAnswerHeaders,
  NewConfiguration,
  pemType,
} from './key-schemas.ts';
import { toEpochMs } from './request-instants.ts';

export interface KeyRoutesDeps {
  readonly configurations: Configurations;
  /** Returns the organisation whose data a request may access, or undefined for all organisations. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** Returns the organisation that will own the objects that a request creates. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
}

const config = { access: { scope: 'tokens:write' } } as const;

/**
 * Registers the routes for keys. Two routes create a key and return its public key once. The third lists the accepted
 * keys, without the public keys.
 */
export function registerKeyRoutes(server: HttpServer, deps: KeyRoutesDeps): void {
  registerKeyCreation(server, deps);
  registerKeyList(server, deps);
}

function registerKeyCreation(server: HttpServer, deps: KeyRoutesDeps): void {
  const { configurations, organisationOf, homeOrganisationOf } = deps;

  server.post(
    configurationsPath,
    {
      config,
      schema: {
        operationId: 'createConfiguration',
        summary: 'Create a token configuration',
        tags: configurationTags,
        body: NewConfiguration,
        querystring: KeyQuery,
        response: keyAnswer,
        answerHeaders: keyAnswerHeaders,
      },
    },
    async (request, reply) => {
      const created = await configurations.create(request.body.name, homeOrganisationOf(request));
      return sendKey(created, isFileWanted(request.query.format, request), reply);
    },
  );

  server.post(
    `${configurationsPath}/:id/rotate`,
    {
      config,
      schema: {
        operationId: 'rotateConfigurationKey',
        summary: 'Create a new key. Tokens of older keys are accepted until the instant in acceptOldUntil',
        tags: configurationTags,
        params: ConfigurationId,
        body: KeyRotation,
        querystring: KeyQuery,
        response: keyAnswer,
        answerHeaders: keyAnswerHeaders,
        errors: [tokenErrors.configuration_not_found, tokenErrors.too_many_keys],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const untilMs = toEpochMs(request.body.acceptOldUntil);
      const rotated = await configurations.rotate(id, untilMs, organisationOf(request));
      return sendKey(rotated, isFileWanted(request.query.format, request), reply);
    },
  );
}

function registerKeyList(server: HttpServer, { configurations, organisationOf }: KeyRoutesDeps): void {
  server.get(
    `${configurationsPath}/:id/keys`,
    {
      config: { access: { scope: 'tokens:read' } },
      schema: {
        operationId: 'listAcceptedKeys',
        summary: 'List the keys of a configuration whose tokens are accepted now, newest first',
        tags: configurationTags,
        params: ConfigurationId,
        querystring: NoQuery,
        response: { 200: AcceptedKeys },
        errors: [tokenErrors.configuration_not_found],
      },
    },
    async (request) => {
      const keys = await configurations.acceptedKeys(request.params.id, organisationOf(request));
      return { items: keys.map(keyLineOf) };
    },
  );
}

function keyLineOf({ createdAtMs, acceptedUntilMs }: AcceptedKey) {
  return { createdAt: toInstant(createdAtMs), acceptedUntil: toInstantOrNull(acceptedUntilMs) };
}

/**
 * Returns whether to send a PEM file instead of JSON. The query parameter overrides the Accept header, because users
 * of a browser cannot choose that header.
 */
function isFileWanted(format: 'json' | 'pub' | undefined, { headers }: FastifyRequest): boolean {
  return format === undefined ? prefersMediaType(pemType, headers.accept) : format === 'pub';
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
