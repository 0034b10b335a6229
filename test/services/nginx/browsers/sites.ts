import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { type Instance, useInstance } from '../../../integration/http/support/instance.ts';
import { freePort } from '../../../support/app-process.ts';
import { type NginxServer, startNginx } from '../../../support/services/nginx.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';
import { readExample } from '../examples.ts';
import { startApplication, startCodeApplication } from './application.ts';

export type Scheme = 'https' | 'http';

/** A request in the access log of nginx. */
export interface ProxiedRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Value of the header `Sec-Purpose`, or an empty text. */
  readonly purpose: string;
}

/** An application behind nginx and watmeter, on a host that is not loopback. */
export interface Site {
  readonly scheme: Scheme;
  readonly origin: string;
  /** The origin of links. It differs from `origin` only with `LINK_HANDOFF=code`. */
  readonly linkOrigin: string;
  /** The origin of another site, which returns an empty page for every path. */
  readonly otherOrigin: string;
  readonly instance: Instance;
  /** Waits until nginx has responded to `count` matching requests. Returns all matching requests, first completed first. */
  waitForRequests(count: number, matches: (request: ProxiedRequest) => boolean): Promise<ProxiedRequest[]>;
}

/**
 * Host names. The first two are server names in examples/nginx. Chromium resolves all names to 127.0.0.1, but does not
 * treat these names as loopback.
 */
const host = 'app.example';
const codeLinkHost = 'links.example';
const otherHost = 'news.example';
const logFormat =
  '{"host":"$host","method":"$request_method","path":"$request_uri","status":$status,"purpose":"$http_sec_purpose"}';

/** Starts a site before the tests of a `describe` block, and stops it afterwards. `settings` are settings of watmeter. */
export function useSite(scheme: Scheme, settings: Readonly<Record<string, string>>): () => Site {
  const ports = { site: 0, other: 0, application: 0 };
  const env: Record<string, string> = { TRUST_PROXY: '127.0.0.1', ...settings };
  beforeAll(async () => {
    for (const name of ['site', 'other', 'application'] as const) ports[name] = await freePort();
    env['LINK_TARGET_URL'] = `${scheme}://${host}:${ports.site}`;
  });
  const instance = useInstance(env);
  const certificate = createTemporaryDirectory('certificate');
  let nginx: NginxServer | undefined;
  let stopApplication: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const byCode = settings['LINK_HANDOFF'] === 'code';
    stopApplication = byCode
      ? await startCodeApplication(ports.application, instance().url)
      : await startApplication(ports.application);
    const tls = scheme === 'https' ? ` ssl;${createCertificate(certificate.path)}` : ';';
    const listen = `listen 127.0.0.1:${ports.site}${tls} access_log {logs}/requests.log requests;`;
    const links = readExample(byCode ? 'code.conf' : 'watmeter.conf', {
      '127.0.0.1:8080': new URL(instance().url).host,
      '127.0.0.1:3000': `127.0.0.1:${ports.application}`,
      '/var/log/nginx': '{logs}',
      // code.conf has two servers. Both listen on this port, and nginx selects by host name.
      'listen 80;': listen,
    });
    const other = `server { listen 127.0.0.1:${ports.other}${tls} default_type text/html; return 200 "<!doctype html>"; }`;
    const http = `log_format requests escape=json '${logFormat}';\n${links}\n${other}`;
    nginx = await startNginx({ http, port: ports.site });
  });
  afterAll(async () => {
    await nginx?.stop();
    await stopApplication?.();
    certificate.remove();
  });

  function readRequests(): ProxiedRequest[] {
    const lines = nginx?.log('requests.log').split('\n') ?? [];
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as ProxiedRequest);
  }
  return () => ({
    scheme,
    origin: `${scheme}://${host}:${ports.site}`,
    linkOrigin: `${scheme}://${settings['LINK_HANDOFF'] === 'code' ? codeLinkHost : host}:${ports.site}`,
    otherOrigin: `${scheme}://${otherHost}:${ports.other}`,
    instance: instance(),
    async waitForRequests(count, matches) {
      const find = () => readRequests().filter(matches);
      await vi.waitUntil(() => find().length >= count, { timeout: 20_000 });
      return find();
    },
  });
}

/** Creates a certificate and its key. Returns the nginx directives that use them. */
function createCertificate(directory: string): string {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const names = `subjectAltName=DNS:${host},DNS:${otherHost},DNS:${codeLinkHost}`;
  const files = ['-keyout', key, '-out', certificate];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=test',
      '-addext',
      names,
      ...files,
    ],
    { stdio: 'pipe' },
  );
  return ` ssl_certificate ${certificate}; ssl_certificate_key ${key};`;
}
