import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The credentials and addresses that a client needs for a cluster with secured listeners. */
export interface KafkaSecurity {
  /** The certificate, as PEM, of the authority that signed the brokers' certificate. */
  readonly ca: string;
  /** The certificate and the key of a client, as PEM. The same authority signed the certificate. */
  readonly clientCert: string;
  readonly clientKey: string;
  /** A user that PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 accept. */
  readonly username: string;
  readonly password: string;
  /** The addresses of the listeners with TLS, with SASL, and with SASL over TLS. */
  readonly tls: readonly string[];
  readonly sasl: readonly string[];
  readonly saslTls: readonly string[];
}

export const username = 'watmeter';
export const password = 'test-only-password';

/** Creates a certificate authority, a broker certificate for 127.0.0.1 and localhost, and a client certificate. */
export function createCertificates(
  directory: string,
): Pick<KafkaSecurity, 'ca' | 'clientCert' | 'clientKey'> {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '2'];
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  openssl('req', '-x509', ...key('ca'), '-out', 'ca.crt', '-subj', '/CN=test authority', '-days', '2');
  for (const name of ['broker', 'client']) {
    const subject = ['-subj', `/CN=${name}`, '-addext', names];
    openssl('req', '-x509', ...key(name), ...signed, '-out', `${name}.crt`, ...subject);
  }
  writeFileSync(join(directory, 'broker.pem'), read('broker.key') + read('broker.crt'));
  return { ca: read('ca.crt'), clientCert: read('client.crt'), clientKey: read('client.key') };
}

/** Returns the server.properties lines for listeners with TLS and SASL. */
export function securityProperties(directory: string): Record<string, string> {
  const login = 'org.apache.kafka.common.security';
  const scram = `${login}.scram.ScramLoginModule required;`;
  const jaas = (mechanism: string, listener: string) =>
    `listener.name.${listener}.${mechanism}.sasl.jaas.config`;
  const listeners = ['sasl_plaintext', 'sasl_ssl'];
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(directory, 'broker.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(directory, 'ca.crt'),
    'ssl.client.auth': 'requested',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...Object.fromEntries(
      listeners.flatMap((listener) => [
        [jaas('plain', listener), `${login}.plain.PlainLoginModule required user_${username}="${password}";`],
        [jaas('scram-sha-256', listener), scram],
        [jaas('scram-sha-512', listener), scram],
      ]),
    ),
  };
}

/** Returns the options of the Kafka `format` command that create the SCRAM user. */
export function scramOptions(): string[] {
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
}
