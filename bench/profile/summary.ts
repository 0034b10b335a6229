import { projectRoot } from '../support/processes.ts';
import { round } from '../support/statistics.ts';

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const shown = 45;

/**
 * Returns the time by function and by package, as a percentage of the time in which the thread was not idle. `self`
 * excludes the functions that a function calls, `withCallees` includes them.
 */
export function summariseProfile({ nodes, samples, timeDeltas }: CpuProfile) {
  const selfUs = new Map<number, number>();
  samples.forEach((id, index) => {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map<string, number>();
  const places = new Map<string, number>();
  const withCallees = new Map<string, number>();
  let busyUs = 0;

  function visit(node: ProfileNode, above: ReadonlySet<string>): number {
    const { functionName, url } = node.callFrame;
    if (functionName === '(idle)') return 0;
    const label = labelOf(node);
    const ownUs = functionName === '(root)' ? 0 : (selfUs.get(node.id) ?? 0);
    busyUs += ownUs;
    add(self, label, ownUs);
    add(places, placeOf(url) || functionName, ownUs);
    const below = new Set([...above, label]);
    let totalUs = ownUs;
    for (const child of node.children ?? []) {
      const childNode = nodeOf.get(child);
      if (childNode !== undefined) totalUs += visit(childNode, below);
    }
    // The time of a recursive function is added only once.
    if (!above.has(label)) add(withCallees, label, totalUs);
    return totalUs;
  }

  const [root] = nodes;
  if (root !== undefined) visit(root, new Set());
  const top = (times: Map<string, number>) =>
    [...times]
      .sort(([, one], [, other]) => other - one)
      .slice(0, shown)
      .map(([name, us]) => `${round((us / busyUs) * 100, 1)} % ${name}`);
  return {
    busyMs: round(busyUs / 1000),
    self: top(self),
    withCallees: top(withCallees),
    places: top(places),
  };
}

function add(times: Map<string, number>, name: string, us: number): void {
  times.set(name, (times.get(name) ?? 0) + us);
}

function labelOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  if (url === '') return functionName;
  return `${functionName || '(anonymous)'} ${placeOf(url)}:${lineNumber + 1}`;
}

function placeOf(url: string): string {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  return url.replace(/^file:\/\//, '').replace(`${projectRoot}dist/`, '');
}
