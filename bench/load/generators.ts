import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Bench } from '../support/bench.ts';
import { report } from '../support/progress.ts';
import { median, round, spread } from '../support/statistics.ts';
import { type SendResult, startGenerator } from './generator.ts';

const connections = 64;
const count = 40_000;
const defaultRounds = 5;

/**
 * Measures the CPU time of the load generator, compared with autocannon. The CPU time matters, because the generator
 * shares the cores with the measured server.
 */
export const generators: Bench = async ({ rounds: roundCount = defaultRounds }) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const generator = startGenerator();
  const results: Record<'sockets' | 'autocannon', SendResult[]> = { sockets: [], autocannon: [] };
  try {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await generator.mint('one', { configurationId: 'unused', publicKeyPem }, 1);
    for (let index = -1; index < roundCount; index += 1) {
      for (const by of ['autocannon', 'sockets'] as const) {
        const result = await generator.send({ port, connections, set: 'one', repeat: count, by });
        report(`${by}: ${round(result.perSecond)}/s, ${result.generatorCpuUs} us each`);
        if (index >= 0) results[by].push(result);
      }
    }
  } finally {
    generator.stop();
    server.close();
  }
  const cpuOf = (by: keyof typeof results) => results[by].map(({ generatorCpuUs }) => generatorCpuUs);
  return {
    figures: {
      socketsCpuUs: spread(cpuOf('sockets'), 1),
      autocannonCpuUs: spread(cpuOf('autocannon'), 1),
      socketsPerSecond: spread(results.sockets.map(({ perSecond }) => perSecond)),
      autocannonPerSecond: spread(results.autocannon.map(({ perSecond }) => perSecond)),
    },
    ratios: {
      autocannonVsSocketsCpu: round(median(cpuOf('autocannon')) / median(cpuOf('sockets')), 2),
    },
  };
};

/** Body of the test server's responses. It is as long as the response to an exchange. */
const answer = Buffer.from(JSON.stringify({ sessionId: 'x'.repeat(36), webSessionToken: 'x'.repeat(900) }));
