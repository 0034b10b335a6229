import { serverNow } from '../../lib/clock.ts';

const DAY_S = 86_400;

/** Returns example claims for a short token: a viewer, a lifetime of 30 days, and one tag. */
export function shortPayload(): object {
  const iat = Math.floor(serverNow() / 1000);
  return { sub: 'viewer@example.com', iat, exp: iat + 30 * DAY_S, trc: ['newsletter'] };
}

/** Returns example claims that contain every claim of docs/reference/claims.md. */
export function fullPayload(): object {
  const iat = Math.floor(serverNow() / 1000);
  return {
    ...shortPayload(),
    nbf: iat,
    iss: 'portal',
    grants: {
      res: ['dashboards/sales'],
      flt: [{ jaql: { dim: '[Region.Name]', filter: { members: ['Europe'] } } }],
      acl: [
        {
          dataSourceTitle: 'Sales',
          table: 'Region',
          column: 'Name',
          datatype: 'text',
          members: ['Europe'],
          exclusionary: false,
          allMembers: false,
        },
      ],
      prm: { filter: true, export: false },
    },
    lng: 'en-US',
    loc: 'en-US',
    thm: 'default',
    trc: ['newsletter', 'mobile'],
  };
}
