import { describe, expect, it } from 'vitest';
import { readProjectFile } from '../../support/deploy/compose.ts';

const text = readProjectFile('Dockerfile');
const stages = new Map(
  text
    .split(/^(?=FROM )/m)
    .slice(1)
    .map((stage) => [/ AS ([\w-]+)$/m.exec(stage)?.[1] ?? '', stage]),
);

describe('Dockerfile', () => {
  it('starts from pinned images and its own stages only', () => {
    for (const stage of stages.values()) {
      const from = /^FROM (\S+)/.exec(stage)?.[1] ?? '';
      expect(stages.has(from) || /^node:\d+\.\d+\.\d+-[\w-]+$/.test(from), from).toBe(true);
    }
  });

  it('runs as a user without privileges, in both images', () => {
    expect(stages.get('base')).toMatch(/^USER node$/m);
    for (const name of ['embedded', 'cluster']) {
      expect(stages.get(name)).toMatch(/^FROM base AS/);
      expect(stages.get(name)).not.toMatch(/^USER/m);
    }
  });

  it('leaves the embedded ClickHouse out of the cluster image', () => {
    expect(stages.get('build-cluster')).toContain('rm -rf node_modules/chdb node_modules/@chdb');
    expect(stages.get('cluster')).toContain('--from=build-cluster /app/node_modules');
    expect(stages.get('embedded')).toContain('--from=build /app/node_modules');
  });

  it('copies neither secrets nor data into the build', () => {
    const ignored = readProjectFile('.dockerignore').split('\n');
    for (const name of ['.env', '.env.*', '.git', 'data', 'node_modules']) expect(ignored).toContain(name);
  });
});
