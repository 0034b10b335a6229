import { Status, type StatusKind } from '../../components/status.tsx';

const STATES: Readonly<Record<string, readonly [StatusKind, string]>> = {
  not_generated: ['idle', 'no secret'],
  generated_inactive: ['idle', 'not used yet'],
  generated_active: ['good', 'active'],
  expired: ['warn', 'expired'],
  revoked: ['bad', 'revoked'],
};

/** Shows the state of an API token, for example `active`, `expired` or `revoked`. */
export function TokenStatus({ status }: { readonly status: string }) {
  const [kind, text] = STATES[status] ?? ['idle', status];
  return <Status kind={kind}>{text}</Status>;
}

/** Returns whether an API token can get a new secret or be revoked. */
export function isChangeable(status: string): boolean {
  return status !== 'revoked';
}
