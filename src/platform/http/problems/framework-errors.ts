import type { FastifyError } from 'fastify';
import type { ErrorDefinition } from '../../errors/define-errors.ts';
import { AppError, type Fault } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/** Errors for clients, by error code of Fastify. */
const errorOfFrameworkCode: Readonly<Record<string, ErrorDefinition>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: platformErrors.payload_too_large,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: platformErrors.unsupported_media_type,
  FST_ERR_CTP_EMPTY_JSON_BODY: platformErrors.invalid_json,
  FST_ERR_CTP_INVALID_JSON_BODY: platformErrors.invalid_json,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: platformErrors.bad_request,
  FST_ERR_BAD_URL: platformErrors.bad_request,
  FST_ERR_ASYNC_CONSTRAINT: platformErrors.bad_request,
  FST_ERR_MAX_PARAM_LENGTH: platformErrors.uri_too_long,
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: platformErrors.unsupported_media_type,
};

/**
 * Converts a thrown value to an AppError. An unknown error becomes `internal_error`, which reveals no
 * details.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, validation, statusCode } = error as Partial<FastifyError>;
  if (validation !== undefined)
    return new AppError(platformErrors.invalid_request, { faults: validation.map(toFault) });
  const known = errorOfFrameworkCode[code ?? ''];
  if (known === platformErrors.unsupported_media_type)
    return new AppError(known, { detail: 'Send the body as application/json.', cause: error });
  if (known !== undefined) return new AppError(known, { cause: error });
  if (error instanceof SyntaxError && statusCode === 400)
    return new AppError(platformErrors.invalid_json, { cause: error });
  if (statusCode === 413) return new AppError(platformErrors.payload_too_large, { cause: error });
  if (statusCode === 415) return new AppError(platformErrors.unsupported_media_type, { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError(platformErrors.bad_request, { cause: error });
  }
  return new AppError(platformErrors.internal_error, { cause: error });
}

type ValidationFault = NonNullable<FastifyError['validation']>[number];

/** Maximum length of a name in a message. It is longer than every known name and shorter than every secret. */
const maxNameChars = 32;

/** Returns a name for a message. A long name is not shown, because a client may have sent a secret as a name. */
function shownName(name: string): string {
  return name.length > maxNameChars ? '...' : name;
}

/** Creates the validation error for an unknown member or parameter of a request. */
export function unknownMemberFault(name: string, parentPath = ''): Fault {
  return { path: `${parentPath}/${shownName(name)}`, message: 'is unknown: remove it' };
}

const notValid = 'is not valid';
/** Messages for invalid values, by format (validation.ts). */
const messageOfFormat: Readonly<Record<string, string>> = {
  'date-time': 'must be an instant with seconds and an offset, such as 2026-11-21T08:00:00Z',
};

const unitOfLimit: Readonly<Record<string, readonly [comparison: string, unit: string]>> = {
  minLength: ['at least', 'character'],
  maxLength: ['at most', 'character'],
  minItems: ['at least', 'item'],
  maxItems: ['at most', 'item'],
};

function lengthMessage(keyword: string, limit: unknown): string | undefined {
  const [comparison, unit] = unitOfLimit[keyword] ?? [];
  return comparison && `must have ${comparison} ${limit} ${unit}${limit === 1 ? '' : 's'}`;
}

/**
 * Converts a schema error to a validation error: a JSON pointer and a message, without the value and without long
 * names.
 */
export function toFault({ instancePath, keyword, params, message }: ValidationFault): Fault {
  const member = params['missingProperty'] ?? params['additionalProperty'];
  if (keyword === 'additionalProperties') return unknownMemberFault(String(member), instancePath);
  const path = member === undefined ? instancePath : `${instancePath}/${shownName(String(member))}`;
  if (keyword === 'required') return { path, message: 'is missing' };
  if (keyword === 'enum') {
    return { path, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
  }
  if (keyword === 'format') return { path, message: messageOfFormat[params['format'] as string] ?? notValid };
  // The message of the validator would contain the source of the regular expression.
  if (keyword === 'pattern') return { path, message: notValid };
  return { path, message: lengthMessage(keyword, params['limit']) ?? message ?? notValid };
}
