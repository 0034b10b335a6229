import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createConfiguration, mint, type TestConfiguration } from '../api.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import type { Ticket } from './books.ts';
import { createInstance } from './instance.ts';

/** A data directory with three configurations, stopped, that each test copies; and tokens for them. */
export interface Template {
  readonly tickets: readonly Ticket[];
  /** A new data directory; it is removed with the template. */
  copy(name: string): string;
  remove(): void;
}

const configurations = 3;
const tickets = 40;

/** What tokens carry, and what must be counted. */
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
    const made = await makeTickets(instance.url);
    await instance.stop();
    return {
      tickets: made,
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

/** Makes configurations on a running instance, and tokens for them. */
export async function makeTickets(url: string): Promise<Ticket[]> {
  const names = Array.from({ length: configurations }, (_, index) => `Configuration ${index + 1}`);
  const made: (TestConfiguration & { name: string })[] = [];
  for (const name of names) made.push({ name, ...(await createConfiguration(url, name)) });
  return Promise.all(
    Array.from({ length: tickets }, async (_, index) => {
      const configuration = made[index % made.length];
      const tags = tagSets[index % tagSets.length];
      if (configuration === undefined || tags === undefined) throw new Error('nothing to mint from');
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
