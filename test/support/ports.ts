import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Returns free ports for servers that restart on the same port. They are below the operating system's ephemeral
 * range (32768 and up on Linux). In that range, another process could get the port while the server is down, and a
 * client that retries could even connect to itself.
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
  // All servers stay open until all ports are chosen, so that no port is chosen twice.
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
