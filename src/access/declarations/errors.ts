import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of sign-in, API tokens and organisations. */
export const accessErrors = defineErrors({
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'A valid API token is required',
    challenge: 'Bearer',
  },
  insufficient_scope: {
    kind: 'forbidden',
    title: 'The API token lacks a scope',
  },
  all_organisations_needed: {
    kind: 'forbidden',
    title: 'An API token with access to all organisations is required',
  },
  cross_origin: {
    kind: 'forbidden',
    title: 'The request comes from another origin',
  },
  organisation_not_found: {
    kind: 'not_found',
    title: 'No such organisation',
    detail: 'GET /api/v1/organisations lists the organisations.',
  },
  api_token_not_found: {
    kind: 'not_found',
    title: 'No such API token',
    detail: 'GET /api/v1/api-tokens lists the API tokens.',
  },
  api_token_revoked: {
    kind: 'conflict',
    title: 'The API token was revoked',
  },
  bound_token_scopes: {
    kind: 'meaning',
    title: 'A bound API token can only request tokens',
  },
});
