import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of sign-in, API tokens and organisations. */
export const accessErrors = defineErrors({
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'A valid API token is needed',
    challenge: 'Bearer',
  },
  insufficient_scope: {
    kind: 'forbidden',
    title: 'The API token lacks a scope',
  },
  all_organisations_needed: {
    kind: 'forbidden',
    title: 'An API token of all organisations is needed',
  },
  cross_origin: {
    kind: 'forbidden',
    title: 'The request comes from another origin',
  },
  organisation_not_found: {
    kind: 'not_found',
    title: 'No such organisation',
    detail: 'GET /api/v1/organisations lists those that there are.',
  },
  api_token_not_found: {
    kind: 'not_found',
    title: 'No such API token',
    detail: 'GET /api/v1/api-tokens lists those that there are.',
  },
  api_token_revoked: {
    kind: 'conflict',
    title: 'The API token was revoked',
  },
  bound_token_scopes: {
    kind: 'meaning',
    title: 'An API token of some configurations can only request tokens',
  },
});
