import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a proxy for a local port. The proxy can stall: connections stay open, but no data passes. */
export async function startStallingProxy(targetPort: number) {
  const open = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    open.add([client, target]);
    for (const socket of [client, target]) socket.on('error', () => {});
    client.pipe(target).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const pair of open) for (const socket of pair) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** Stalls all open connections. New connections do not stall. */
    stallOpenConnections(): void {
      for (const [client, target] of open) {
        client.unpipe(target).pause();
        target.unpipe(client).pause();
      }
    },
  };
}
