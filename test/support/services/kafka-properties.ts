/** The ports of one broker. */
export interface BrokerPorts {
  readonly plain: number;
  readonly controller: number;
  /** This port is set only if `security` is set. */
  readonly tls?: number;
  readonly sasl?: number;
  readonly saslTls?: number;
}

export interface BrokerSettings {
  readonly id: number;
  readonly dataDir: string;
  readonly ports: BrokerPorts;
  /** The list of `id@host:port` entries of all controllers. */
  readonly voters: string;
  readonly brokers: number;
  /** Settings for the secured listeners. */
  readonly security: Readonly<Record<string, string>>;
  /** Settings that are added to the defaults or replace them. */
  readonly overrides: Readonly<Record<string, string>>;
}

const host = '127.0.0.1';
const protocols = { plain: 'PLAINTEXT', tls: 'SSL', sasl: 'SASL_PLAINTEXT', saslTls: 'SASL_SSL' } as const;

/** Returns the server.properties file for a broker and controller in one process. */
export function brokerProperties(settings: BrokerSettings): string {
  const all = {
    ...addresses(settings),
    ...copies(settings.brokers),
    ...smallAndQuick,
    ...settings.security,
    ...settings.overrides,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function addresses({ id, dataDir, ports, voters }: BrokerSettings): Record<string, string> {
  const names = (Object.keys(protocols) as (keyof typeof protocols)[]).filter(
    (name) => ports[name] !== undefined,
  );
  const urls = names.map((name) => `${protocols[name]}://${host}:${ports[name]}`);
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: [...urls, `CONTROLLER://${host}:${ports.controller}`].join(','),
    'advertised.listeners': urls.join(','),
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      ...names.map((name) => `${protocols[name]}:${protocols[name]}`),
    ].join(','),
    'log.dirs': dataDir,
  };
}

/**
 * Returns the replication settings. Every broker has a replica of every partition. With three brokers, an acknowledged
 * message is stored on at least two of them. A cluster of three brokers declares a killed broker dead after 4 s instead
 * of 9 s. A single broker can rejoin only after its own previous session has expired, which takes 1.5 s.
 */
function copies(brokers: number): Record<string, string> {
  const [factor, inSync, sessionMs] = brokers >= 3 ? ['3', '2', '4000'] : ['1', '1', '1500'];
  return {
    'broker.session.timeout.ms': sessionMs,
    'broker.heartbeat.interval.ms': '500',
    'default.replication.factor': factor,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': factor,
    'offsets.topic.num.partitions': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': factor,
  };
}

const smallAndQuick = {
  'auto.create.topics.enable': 'false',
  // With these two settings, tests do not wait for more group members, or 30 s for a consumer that has exited.
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'replica.lag.time.max.ms': '4000',
  'log.initial.task.delay.ms': '1000',
  'log.retention.check.interval.ms': '1000',
  // The default buffer of the log cleaner takes 128 MB of heap.
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.index.size.max.bytes': '1048576',
  'num.network.threads': '2',
  'num.io.threads': '3',
  'num.recovery.threads.per.data.dir': '1',
  'background.threads': '2',
} as const;
