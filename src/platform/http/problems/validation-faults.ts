import type { FastifyError, FastifyRequest } from 'fastify';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { toFault } from './framework-errors.ts';
import { unreadFaults } from './no-body.ts';

/** The parts of a request that schemas are for, in the order in which Fastify asks. */
const parts = [
  ['params', 'params'],
  ['body', 'body'],
  ['querystring', 'query'],
] as const;

/** Fastify stops at the first part with faults; the contract wants every fault at once. */
export function withAllFaults(error: FastifyError, request: FastifyRequest): AppError {
  const reached = parts.findIndex(([part]) => part === error.validationContext);
  const later = parts
    .slice(reached + 1)
    .flatMap(([part, member]) => faultsOf(request, part, request[member]));
  const faults = [...(error.validation ?? []), ...later].map(toFault);
  return new AppError(platformErrors.invalid_request, { faults: [...faults, ...unreadFaults(request)] });
}

type Faults = NonNullable<FastifyError['validation']>;

function faultsOf(request: FastifyRequest, part: 'params' | 'body' | 'querystring', value: unknown): Faults {
  const validate = request.getValidationFunction(part) as
    | (((value: unknown) => boolean) & { errors?: Faults | null })
    | undefined;
  if (validate === undefined || validate(value ?? null)) return [];
  return validate.errors ?? [];
}
