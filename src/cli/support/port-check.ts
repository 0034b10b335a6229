import { createServer } from 'node:net';
import type { Config } from '../../app/config.ts';
import { messageOf } from '../../platform/errors/errors.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';

/**
 * Resolves if this process can listen on PORT.
 * @throws CommandFailure if another process listens on the port, and otherwise the operating system's error.
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

/** Awaits the start of a server. If another process listens on its port, it throws an error that says what to do. */
export async function explainPortInUse(listening: Promise<void>): Promise<void> {
  try {
    await listening;
  } catch (error) {
    const reason = messageOf(error);
    // The text of the message is checked, because a gateway worker reports its error as text.
    if (!reason.includes('EADDRINUSE')) throw error;
    throw new CommandFailure(
      exitCodes.failed,
      reason,
      'Set PORT to another port, or stop the process that uses this one.',
    );
  }
}
