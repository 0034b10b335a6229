import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const pom = new URL('pom.xml', import.meta.url);

/** Returns the directory that contains the jars. install.sh derives the same directory name from the same pom.xml. */
function jarDirectory(): string {
  const { WATMETER_TEST_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = WATMETER_TEST_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'watmeter-test');
  const checksum = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(cache, `kafka-${checksum}`, 'lib');
}

/** Returns the `-cp` argument of Java for a broker or a Kafka tool. */
export function kafkaClasspath(): string {
  return join(jarDirectory(), '*');
}

/** Returns the reason why no broker can start on this machine, or undefined if brokers can start. */
export function kafkaIsMissing(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'Kafka needs Java 17';
  if (!existsSync(jarDirectory())) return 'the Kafka jars are missing';
  return undefined;
}
