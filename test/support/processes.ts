import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export const isLinux = process.platform === 'linux';

/** Returns the process ids of the children of a process. */
export function childrenOf(pid: number | undefined): number[] {
  if (!isLinux) {
    const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return stdout.split('\n').filter(Boolean).map(Number);
  }
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((child) => statOf(child)?.parent === pid && isProcessRunning(child));
}

/** Returns whether a process is running. A zombie process does not count as running. */
export function isProcessRunning(pid: number): boolean {
  if (isLinux) return (statOf(pid)?.state ?? 'Z') !== 'Z';
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Parses the state and the parent of a process from /proc/pid/stat, see proc(5). They follow the name of the process,
 * which is in parentheses and may contain any text.
 */
function statOf(pid: number): { state: string | undefined; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** Returns the IPv4 ports that a process listens on, from /proc/net/tcp, see proc(5). */
export function listeningPorts(pid: number | undefined): number[] {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readLinkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

function readLinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
