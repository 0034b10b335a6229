import { describe, expect, it } from 'vitest';
import { exchange, mint } from '../../support/api.ts';
import { embeddedStores } from '../../support/control-stores.ts';
import { useInstance } from './support/instance.ts';

const exchanges = 300;
const megabyte = 1_000_000;

/** Claims of almost the maximum size that an exchange accepts. */
const largestClaims = {
  sub: 'alice',
  grants: { prm: { a: 'x'.repeat(81_200 - '{"a":""}'.length) }, more: 'y'.repeat(16_300) },
};

let readBytes: () => Promise<Buffer>;
const instance = useInstance(
  { CLAIMS_BUDGET: '1MiB' },
  {
    ...embeddedStores,
    async create() {
      const place = await embeddedStores.create();
      readBytes = place.readBytes;
      return place;
    },
  },
);

describe('claims of the maximum size', () => {
  it('add less than 1 MB to the control store in 300 exchanges of one token', async () => {
    const token = await mint(await instance().configuration('One link'), largestClaims);
    const before = (await readBytes()).length;
    const statuses = new Set<number>();
    for (let sent = 0; sent < exchanges; sent += 10) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(instance().url, token)));
      for (const { status } of answers) statuses.add(status);
    }
    expect([...statuses]).toEqual([200]);
    expect((await readBytes()).length - before).toBeLessThan(megabyte);
  });

  it('are rejected beyond the budget of their configuration, while other configurations keep their budget', async () => {
    const [greedy, other] = [
      await instance().configuration('Greedy'),
      await instance().configuration('Other'),
    ];
    const send = async (configuration: typeof greedy, claims: Record<string, unknown>) =>
      exchange(instance().url, await mint(configuration, claims));
    const codes: unknown[] = [];
    for (let sent = 0; sent < 30 && codes.at(-1) !== 'claims_budget_exceeded'; sent += 1)
      codes.push((await send(greedy, largestClaims)).body['code']);
    expect(codes.at(-1)).toBe('claims_budget_exceeded');
    expect((await send(other, largestClaims)).status).toBe(200);
    // The budget does not apply to claims that fit into the session token.
    expect((await send(greedy, { sub: 'bob' })).status).toBe(200);
  });

  it('have a limit that a token test reports for larger claims', async () => {
    const claims = { ...largestClaims, thm: 'z'.repeat(200) };
    const token = await mint(await instance().configuration('Too large'), claims);
    expect((await exchange(instance().url, token)).body['code']).toBe('token_invalid');
    const { body } = await instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } });
    expect(body).toMatchObject({
      valid: false,
      findings: expect.arrayContaining([
        expect.objectContaining({
          level: 'structure',
          severity: 'error',
          message: expect.stringContaining('16384'),
        }),
      ]),
    });
  });
});
