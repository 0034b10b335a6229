import { createServer } from 'node:net';
import type { Config } from '../../app/config.ts';
import { messageOf } from '../../platform/errors/errors.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';

/**
 * Resolves if this process could listen on PORT.
 * @throws CommandFailure if another process has the port, or another error of the operating system.
 */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const server = createServer();
  await explainPortInUse(
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => server.close(() => resolve()));
    }),
  );
}

/** Adds what to do to the error of a server whose port another process has. */
export async function explainPortInUse(listening: Promise<void>): Promise<void> {
  try {
    await listening;
  } catch (error) {
    const reason = messageOf(error);
    // A gateway worker reports the error of its server as text.
    if (!reason.includes('EADDRINUSE')) throw error;
    throw new CommandFailure(
      exitCodes.failed,
      reason,
      'Set PORT to another port, or stop the process that uses this one.',
    );
  }
}
