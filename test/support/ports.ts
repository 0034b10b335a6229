import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Ports for servers that are stopped and started again on the same port. They lie below the range that the system
 * gives to outgoing connections (32768 and up on Linux): there, while the server is down, somebody else may be given
 * the port, and a client that tries again and again can even connect to itself.
 */
export async function fixedPorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries > 1000) throw new Error('no free ports');
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    const server = await listen(port);
    if (server === undefined) continue;
    held.push(server);
    ports.push(port);
  }
  // Held until all are found, so that no port is found twice.
  await Promise.all(held.map((server) => once(server.close(), 'close')));
  return ports;
}

const lowestPort = 16_000;
const highestPort = 32_000;

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
