import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockEntry {
  readonly link?: true;
  readonly inBundle?: true;
  readonly integrity?: string;
}

/**
 * Packages for other platforms that have no hash in the lock file, because their registry entry could not be read. On
 * these platforms, npm installs them without verification.
 */
const unverified = ['darwin-arm64', 'darwin-x64', 'linux-arm64-gnu'].map(
  (platform) => `node_modules/@chdb/lib-${platform}`,
);

it('the lock file has the hash of every package except those in `unverified`', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const entries = Object.entries(packages).filter(
    ([path, { link, inBundle }]) => path !== '' && !link && !inBundle,
  );
  expect(entries.length).toBeGreaterThan(300);
  const without = entries.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
  expect(without.map(([path]) => path)).toEqual(unverified);
});
