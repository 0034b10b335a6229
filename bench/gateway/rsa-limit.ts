import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Returns the number of RSA-2048 private-key operations per second on all cores together, measured by `openssl
 * speed`.
 */
export async function measureRsaLimit(seconds = 3): Promise<number> {
  const { stdout } = await run('openssl', [
    'speed',
    '-seconds',
    String(seconds),
    '-multi',
    String(availableParallelism()),
    'rsa2048',
  ]);
  // openssl prints the time per signature and per verification, then the number of both per second:
  // rsa 2048 bits 0.000122s 0.000008s   8202.0 122768.0
  const perSecond = Number(/^rsa\s+2048 bits\s+\S+s\s+\S+s\s+([\d.]+)/m.exec(stdout)?.[1]);
  if (!Number.isFinite(perSecond)) throw new Error(`openssl speed said something else:\n${stdout}`);
  return perSecond;
}
