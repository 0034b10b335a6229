import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createConfiguration, mint, type TestConfiguration } from '../api.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import type { TestToken } from './exchange-log.ts';
import { createInstance } from './instance.ts';

/** The data directory of a stopped instance, with three configurations and their tokens. Each test uses a copy. */
export interface Template {
  readonly tokens: readonly TestToken[];
  /** Copies the data directory. The copy is removed together with the template. */
  copy(name: string): string;
  remove(): void;
}

const configurationCount = 3;
const tokenCount = 40;

/** The `trc` claims in the tokens, and the tags that must be counted for them. */
const tagSets: readonly {
  readonly trc: readonly string[] | undefined;
  readonly counted: readonly string[];
}[] = [
  { trc: undefined, counted: [] },
  { trc: ['newsletter'], counted: ['newsletter'] },
  { trc: [], counted: [] },
  { trc: ['newsletter', 'campaign/2026'], counted: ['newsletter', 'campaign/2026'] },
  { trc: ['Newsletter'], counted: ['Newsletter'] },
  { trc: ['it\'s "quoted" \\ %41', 'newsletter'], counted: ['it\'s "quoted" \\ %41', 'newsletter'] },
  { trc: ['cafe\u0301', 'caf\u00e9', '\u2615 \u{1f680}'], counted: ['caf\u00e9', '\u2615 \u{1f680}'] },
];

export async function createTemplate(): Promise<Template> {
  const { path, remove } = createTemporaryDirectory('faults');
  const original = join(path, 'template');
  let copies = 0;
  try {
    const instance = await createInstance(original);
    await instance.start();
    const tokens = await createTestTokens(instance.url);
    await instance.stop();
    return {
      tokens,
      remove,
      copy(name) {
        copies += 1;
        const copy = join(path, `${copies}-${name.replaceAll(/[^a-z0-9.-]/gi, '_')}`);
        cpSync(original, copy, { recursive: true, verbatimSymlinks: true });
        return copy;
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Creates configurations on a running instance, and tokens for each. */
export async function createTestTokens(url: string): Promise<TestToken[]> {
  const names = Array.from({ length: configurationCount }, (_, index) => `Configuration ${index + 1}`);
  const configurations: (TestConfiguration & { name: string })[] = [];
  for (const name of names) configurations.push({ name, ...(await createConfiguration(url, name)) });
  return Promise.all(
    Array.from({ length: tokenCount }, async (_, index) => {
      const configuration = configurations[index % configurations.length];
      const tags = tagSets[index % tagSets.length];
      if (configuration === undefined || tags === undefined) throw new Error('no configuration to mint for');
      const claims = { sub: `viewer-${index}`, ...(tags.trc !== undefined && { trc: tags.trc }) };
      return {
        index,
        configurationId: configuration.id,
        configurationName: configuration.name,
        tags: tags.counted,
        webAccessToken: await mint(configuration, claims),
      };
    }),
  );
}
