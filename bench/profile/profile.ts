import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SendResult, startGenerator } from '../load/generator.ts';
import type { Bench } from '../support/bench.ts';
import { projectRoot, settle, threadCpuMsOf, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { round } from '../support/statistics.ts';
import { startWatmeter } from '../support/watmeter.ts';
import { type CpuProfile, summariseProfile } from './summary.ts';

const connections = 64;
const warmUpCount = 3000;
const coldCount = 30_000;
const hotCount = 150_000;

/**
 * Shows where a gateway uses CPU time, with new tokens and with a repeated token. First, the bench measures the CPU
 * time by thread. Then it profiles the main thread and the decryption threads of a second process, because profiling
 * itself takes CPU time.
 */
export const profile: Bench = async () => {
  const kept = join(projectRoot, 'dist', 'bench', 'profiles', String(Date.now()));
  const figures: Record<string, unknown> = {};
  for (const name of ['cold', 'hot'] as const) {
    const { threads } = await loadOne(name, undefined);
    const directory = join(kept, name);
    mkdirSync(directory, { recursive: true });
    await loadOne(name, directory);
    report(`${name}: ${directory} (open with Chrome's developer tools)`);
    figures[name] = { cpuUsByThread: threads, profiles: readProfiles(directory) };
  }
  return { figures, ratios: {} };
};

function loadOne(name: 'cold' | 'hot', profileDirectory: string | undefined) {
  return withDirectory(async (directory) => {
    const watmeter = await startWatmeter({ dataDir: `${directory}/data`, profileDirectory });
    const generator = startGenerator();
    const { pid } = watmeter.child;
    try {
      const key = await watmeter.createConfiguration('Profile');
      await generator.mint('warm-up', key, warmUpCount);
      await generator.mint('load', key, name === 'cold' ? coldCount : 1);
      const order = { port: watmeter.port, connections };
      await generator.send({ ...order, set: 'warm-up' });
      await settle(pid);
      const before = threadCpuMsOf(pid);
      const sent = await generator.send({
        ...order,
        set: 'load',
        ...(name === 'hot' && { repeat: hotCount }),
      });
      await settle(pid);
      report(`${name}: ${round(sent.perSecond)}/s`);
      return { threads: cpuByThread(pid, before, threadCpuMsOf(pid), sent) };
    } finally {
      generator.stop();
      await watmeter.stop();
    }
  });
}

type Threads = ReturnType<typeof threadCpuMsOf>;

/** Returns the CPU time per exchange, by name of the thread. The main thread has the name `main thread`. */
function cpuByThread(pid: number | undefined, before: Threads, after: Threads, { count }: SendResult) {
  const byName = new Map<string, number>();
  for (const [id, { name, cpuMs }] of after) {
    const label = id === String(pid) ? 'main thread' : name;
    const us = ((cpuMs - (before.get(id)?.cpuMs ?? 0)) * 1000) / count;
    byName.set(label, (byName.get(label) ?? 0) + us);
  }
  const sorted = [...byName].sort(([, one], [, other]) => other - one).filter(([, us]) => us >= 0.5);
  return Object.fromEntries(sorted.map(([name, us]) => [name, round(us, 1)]));
}

function readProfiles(directory: string) {
  const files = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  const profiles = files.map((name) =>
    summariseProfile(JSON.parse(readFileSync(join(directory, name), 'utf8')) as CpuProfile),
  );
  return profiles.sort((one, other) => other.busyMs - one.busyMs).slice(0, 2);
}
