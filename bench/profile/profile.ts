import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGenerator } from '../load/generator.ts';
import type { Bench } from '../support/bench.ts';
import { projectRoot, settle, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { round } from '../support/statistics.ts';
import { startWatmeter } from '../support/watmeter.ts';

const connections = 64;
const warmUpCount = 2000;
const shown = 40;

const loads = {
  cold: { count: 30_000, repeat: undefined },
  hot: { count: 1, repeat: 150_000 },
} as const;

/** Where the main thread of a gateway spends its time, with fresh tokens and with one that is used again. */
export const profile: Bench = async () => {
  const kept = join(projectRoot, 'dist', 'bench', 'profiles');
  const figures: Record<string, unknown> = {};
  for (const name of ['cold', 'hot'] as const) {
    const directory = join(kept, `${name}-${Date.now()}`);
    mkdirSync(directory, { recursive: true });
    await profileLoad(loads[name], directory);
    const [file = ''] = readdirSync(directory);
    const path = join(directory, file);
    report(`${name}: ${path} (open it in Chrome's developer tools)`);
    figures[name] = summarise(JSON.parse(readFileSync(path, 'utf8')));
  }
  return { figures, ratios: {} };
};

function profileLoad(
  { count, repeat }: { count: number; repeat: number | undefined },
  profileDirectory: string,
): Promise<void> {
  return withDirectory(async (directory) => {
    const watmeter = await startWatmeter({ dataDir: `${directory}/data`, profileDirectory });
    const generator = startGenerator();
    try {
      const key = await watmeter.createConfiguration('Profile');
      await generator.mint('warm-up', key, warmUpCount);
      await generator.mint('load', key, count);
      const order = { port: watmeter.port, connections };
      await generator.send({ ...order, set: 'warm-up' });
      await generator.send({ ...order, set: 'load', ...(repeat !== undefined && { repeat }) });
      await settle(watmeter.child.pid);
    } finally {
      generator.stop();
      await watmeter.stop();
    }
  });
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Time by function (own time, not its callees') and by package, in per cent of the time it was not idle. */
function summarise({ nodes, samples, timeDeltas }: CpuProfile) {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const byFunction = new Map<string, number>();
  const byPlace = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName = '', url = '', lineNumber = 0 } = nodeOf.get(id)?.callFrame ?? {};
    if (functionName === '(idle)' || functionName === '(root)') return;
    const us = timeDeltas[index] ?? 0;
    const place = placeOf(url) || functionName;
    const label = url === '' ? functionName : `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`;
    busy += us;
    byFunction.set(label, (byFunction.get(label) ?? 0) + us);
    byPlace.set(place, (byPlace.get(place) ?? 0) + us);
  });
  const top = (times: Map<string, number>, count: number) =>
    [...times]
      .sort(([, one], [, other]) => other - one)
      .slice(0, count)
      .map(([name, us]) => `${round((us / busy) * 100, 1)} % ${name}`);
  return { busyMs: round(busy / 1000), functions: top(byFunction, shown), places: top(byPlace, shown / 2) };
}

function placeOf(url: string): string {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  return url.replace(/^file:\/\//, '').replace(`${projectRoot}dist/`, '');
}
