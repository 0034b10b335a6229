import type { Config } from '../../app/config.ts';

/**
 * Where the administrator token is. `unknown`: an earlier version or a command printed it. `none`: no token exists
 * yet.
 */
export type AdminTokenPlace = 'setting' | 'file' | 'unknown' | 'none';

/**
 * Returns the startup message: addresses, the place of the administrator token, and example commands that work
 * without changes.
 */
export function welcomeLines(address: string, config: Config, admin: AdminTokenPlace): string[] {
  return [
    'watmeter is ready. Stop it with Ctrl+C.',
    '',
    `  Dashboard    ${config.publicUrl ?? address}/`,
    `  API          ${address}/api/v1`,
    `  Health       ${address}/health/ready`,
    `  Admin token  ${placeText(config, admin)}`,
    '',
    '  Count a first session. In another terminal, in this directory:',
    '',
    ...exampleLines(address, config, admin).map((line) => `    ${line}`),
    '',
    `  Generate sample traffic:  ${demoCommand(address, config, admin)}`,
    '',
  ];
}

function placeText({ dataDir }: Config, admin: AdminTokenPlace): string {
  const texts: Readonly<Record<AdminTokenPlace, string>> = {
    setting: 'the setting ADMIN_TOKEN',
    file: `in ${dataDir}/admin-token`,
    unknown: 'printed earlier. If it is lost: npx watmeter admin-token renew',
    none: 'none yet. Create one: npx watmeter admin-token renew',
  };
  return texts[admin];
}

/**
 * Returns commands that create a configuration, a token and a session, and then print the session count. The commands
 * pass secrets in files, because other users can see arguments.
 */
function exampleLines(address: string, { dataDir }: Config, admin: AdminTokenPlace): string[] {
  const file = (name: string) => `${dataDir}/${name}`;
  const connection = connectionOptions(address, dataDir, admin);
  return [
    'umask 077',
    ...(admin === 'none' ? [`npx watmeter admin-token renew > ${file('admin-token')}`] : []),
    `npx watmeter token configurations create First --key-file -${connection} --json > ${file('first.json')}`,
    `npx watmeter mint --configuration ${file('first.json')} --sub alice --tag newsletter > ${file('wat.json')}`,
    `curl -s ${address}/api/v1/wat/sessionToken -H 'content-type: application/json' -d @${file('wat.json')}`,
    `ID=$(sed 's/.*"id":"\\([^"]*\\)".*/\\1/' ${file('first.json')})`,
    `sleep 1; npx watmeter token configurations usage "$ID" --time-zone Europe/Berlin${connection}`,
  ];
}

/**
 * Returns the connection options of the example commands. The user runs the commands in another terminal, which does
 * not have the settings of this process.
 */
function connectionOptions(address: string, dataDir: string, admin: AdminTokenPlace): string {
  const url = address === 'http://127.0.0.1:8080' ? '' : ` --url ${address}`;
  return url + (isTokenMoved(dataDir, admin) ? ` --api-token-file ${dataDir}/admin-token` : '');
}

/**
 * Returns the command that generates sample traffic. The user runs it in another terminal. It reads the administrator
 * token from DATA_DIR.
 */
function demoCommand(address: string, { dataDir }: Config, admin: AdminTokenPlace): string {
  const prefix = isTokenMoved(dataDir, admin) ? `DATA_DIR=${dataDir} ` : '';
  return `${prefix}npm run demo -- --url ${address}`;
}

/** Returns whether the administrator token's file is in a directory other than the default one. */
function isTokenMoved(dataDir: string, admin: AdminTokenPlace): boolean {
  return (admin === 'file' || admin === 'none') && dataDir !== './data';
}
