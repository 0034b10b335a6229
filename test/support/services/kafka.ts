import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixedPorts } from '../ports.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { createBroker, type KafkaBroker } from './kafka-broker.ts';
import { type BrokerPorts, brokerProperties } from './kafka-properties.ts';
import { waitUntilComplete } from './kafka-ready.ts';
import {
  createCertificates,
  type KafkaSecurity,
  password,
  scramOptions,
  securityProperties,
  username,
} from './kafka-security.ts';

export type { KafkaBroker } from './kafka-broker.ts';
export type { KafkaSecurity } from './kafka-security.ts';

/** A real Apache Kafka cluster. Each broker is a separate process on this machine. */
export interface KafkaCluster {
  /** The addresses of the listeners without TLS or SASL. */
  readonly bootstrap: readonly string[];
  readonly brokers: readonly KafkaBroker[];
  /** This value is undefined unless the cluster was started with `security`. */
  readonly security: KafkaSecurity | undefined;
  /** Kills all brokers and removes their data. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** With three brokers, every partition has three replicas and requires two in sync. */
  readonly brokers: 1 | 3;
  /** Adds listeners with TLS, with SASL, and with both. */
  readonly security?: boolean;
  /** server.properties lines that are added to the defaults or replace them. */
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * Starts brokers on free ports and waits until all are ready. The brokers are killed when this process exits.
 * @throws Error with the log of the broker if a broker does not become ready.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaCluster> {
  const directory = createTemporaryDirectory('kafka');
  const ids = Array.from({ length: options.brokers }, (_, index) => index + 1);
  const ports = await choosePorts(options);
  const certificates = options.security ? createCertificates(directory.path) : undefined;
  const voters = ids.map((id, index) => `${id}@127.0.0.1:${ports[index]?.controller}`).join(',');
  // The letter A prevents a leading dash, which the Kafka tool would parse as an option.
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  const brokers = ports.map((brokerPorts, index) => {
    const id = index + 1;
    const home = join(directory.path, String(id));
    mkdirSync(home);
    return createBroker({
      id,
      clusterId,
      address: `127.0.0.1:${brokerPorts.plain}`,
      directory: home,
      heapMb: options.brokers === 1 ? 384 : 256,
      formatOptions: certificates === undefined ? [] : scramOptions(),
      properties: brokerProperties({
        id,
        voters,
        ports: brokerPorts,
        dataDir: join(home, 'data'),
        brokers: options.brokers,
        security: certificates === undefined ? {} : securityProperties(directory.path),
        overrides: options.properties ?? {},
      }),
    });
  });

  async function stop(): Promise<void> {
    await Promise.all(brokers.map((broker) => broker.kill()));
    directory.remove();
  }

  try {
    await Promise.all(brokers.map((broker) => broker.start({ wait: false })));
    await waitUntilComplete(brokers);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers,
    stop,
    bootstrap: brokers.map(({ address }) => address),
    security: certificates && { ...certificates, username, password, ...securedAddresses(ports) },
  };
}

async function choosePorts({ brokers, security = false }: KafkaOptions): Promise<BrokerPorts[]> {
  const each = security ? 5 : 2;
  const free = await fixedPorts(brokers * each);
  return Array.from({ length: brokers }, (_, index) => {
    const [plain = 0, controller = 0, tls, sasl, saslTls] = free.slice(index * each, (index + 1) * each);
    const secured = tls === undefined || sasl === undefined || saslTls === undefined;
    return secured ? { plain, controller } : { plain, controller, tls, sasl, saslTls };
  });
}

function securedAddresses(ports: readonly BrokerPorts[]): Pick<KafkaSecurity, 'tls' | 'sasl' | 'saslTls'> {
  const all = (name: 'tls' | 'sasl' | 'saslTls') =>
    ports.map((brokerPorts) => `127.0.0.1:${brokerPorts[name]}`);
  return { tls: all('tls'), sasl: all('sasl'), saslTls: all('saslTls') };
}
