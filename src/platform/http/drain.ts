import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * After this time, a connection on which nothing has arrived is closed. A request that was sent before the stop
 * arrives earlier.
 */
const silentMs = 500;
const pollMs = 100;

/**
 * Bounds how long open connections delay the stop of a server. Node closes only connections that have already
 * finished a request. However, browsers open connections in advance and send nothing on them, and a download can take
 * an hour. Without a bound, each of them would delay the stop until the process is killed.
 *
 * @param drainMs how long running requests can continue. After this time, all connections are destroyed.
 */
export function drainConnections(server: Pick<FastifyInstance, 'addHook' | 'server'>, drainMs: number): void {
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.addHook('preClose', (done) => {
    if (!server.server.listening) return done();
    const startedMs = performance.now();
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - startedMs;
      // Closes connections whose last request has ended since the previous poll.
      server.server.closeIdleConnections();
      for (const socket of sockets)
        if (elapsedMs >= drainMs || (elapsedMs >= silentMs && socket.bytesRead === 0)) socket.destroy();
    }, pollMs);
    server.server.once('close', () => clearInterval(timer));
    return done();
  });
}
