import type { FastifyError, FastifyRequest } from 'fastify';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { toFault } from './framework-errors.ts';
import { findBodyFaults } from './no-body.ts';

/** Parts of a request that are validated, in the order of their validation. */
const parts = [
  ['params', 'params'],
  ['body', 'body'],
  ['querystring', 'query'],
] as const;

/**
 * Returns an error with the validation errors of all parts of a request. Fastify's own error covers only the first
 * invalid part.
 */
export function withAllFaults(error: FastifyError, request: FastifyRequest): AppError {
  const failedPart = parts.findIndex(([part]) => part === error.validationContext);
  const laterFaults = parts
    .slice(failedPart + 1)
    .flatMap(([part, member]) => faultsOf(request, part, request[member]));
  const faults = [...(error.validation ?? []), ...laterFaults].map(toFault);
  return new AppError(platformErrors.invalid_request, { faults: [...faults, ...findBodyFaults(request)] });
}

type Faults = NonNullable<FastifyError['validation']>;

function faultsOf(request: FastifyRequest, part: 'params' | 'body' | 'querystring', value: unknown): Faults {
  const validate = request.getValidationFunction(part) as
    | (((value: unknown) => boolean) & { errors?: Faults | null })
    | undefined;
  if (validate === undefined || validate(value ?? null)) return [];
  return validate.errors ?? [];
}
