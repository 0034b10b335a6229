import type { Config } from '../../app/config.ts';

/** The administrator token that this start has made, if any. */
export type FirstToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'shown'; readonly token: string }
  | { readonly kind: 'in-file' }
  /** There is none yet, and a start may not make it. */
  | { readonly kind: 'to-be-made' };

/** What a start prints: where to look next, and one example to copy that works. */
export function welcomeLines(address: string, config: Config, first: FirstToken): string[] {
  const file = `${config.dataDir}/admin-token`;
  const token = tokenInShell(config, first, file);
  return [
    'watmeter is ready.',
    '',
    `  Dashboard    ${config.publicUrl ?? address}/`,
    `  API          ${address}/api/v1`,
    `  Health       ${address}/health/ready`,
    ...(first.kind === 'in-file' ? [`  Admin token  in ${file}`] : []),
    ...(first.kind === 'to-be-made'
      ? ['  Admin token  none yet: watmeter admin-token renew prints one']
      : []),
    ...(first.kind === 'shown'
      ? ['', '  Admin token, shown this once (an API token with every scope):', '', `    ${first.token}`]
      : []),
    '',
    '  See it count. In another terminal, in this directory:',
    '',
    ...exampleLines(address, token).map((line) => `    ${line}`),
    '',
    `  More traffic, with tags and two time zones:  ADMIN_TOKEN="$TOKEN" npm run demo -- --url ${address}`,
    '',
  ];
}

function tokenInShell(config: Config, first: FirstToken, file: string): string {
  if (first.kind === 'shown') return first.token;
  if (first.kind === 'to-be-made') return '$(npm run -s watmeter -- admin-token renew)';
  return config.adminToken === undefined ? `$(cat ${file})` : '$ADMIN_TOKEN';
}

/** Makes a configuration, a token and a session, and asks for the count. */
function exampleLines(address: string, token: string): string[] {
  const api = `${address}/api/v1`;
  const json = `-H 'content-type: application/json'`;
  const bearer = `-H "authorization: Bearer $TOKEN"`;
  return [
    `TOKEN="${token}"`,
    `curl -s ${api}/web-access-tokens/configurations ${bearer} ${json} -d '{"name":"First"}' > first.json`,
    `npm run -s watmeter -- mint --configuration first.json --sub alice --tag newsletter > wat.json`,
    `curl -s ${api}/wat/sessionToken ${json} -d @wat.json`,
    `sleep 1; curl -s "${api}/usage/summary?timeZone=Europe/Berlin" ${bearer}`,
  ];
}
