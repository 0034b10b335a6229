import { beforeAll, describe, expect, it } from 'vitest';
import { addApiToken, useInstance } from '../../integration/http/support/instance.ts';

const instance = useInstance();
const path = '/api/v1/usage/integrity';

beforeAll(async () => {
  const configuration = await instance().configuration();
  for (let session = 0; session < 5; session += 1) await instance().session(configuration);
  await instance().settled();
});

describe('GET /api/v1/usage/integrity', () => {
  it('returns accepted and stored events by producer and partition while the sink runs', async () => {
    for (const query of ['', '?depth=full', '?depth=ledger']) {
      const { status, body, headers } = await instance().get(`${path}${query}`);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({
        exact: true,
        depth: query === '?depth=ledger' ? 'ledger' : 'full',
        checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        totals: { accepted: 5, stored: 5, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 },
        namelessLetters: 0,
        streams: [{ producer: expect.any(String), partition: 0, accepted: 5, stored: 5 }],
        findings: { holes: [], doubledEvents: [], driftedProjections: [], isCutShort: false },
      });
    }
  });

  it('returns exact results while sessions arrive, and counts events in transit as waiting, never as missing', async () => {
    const configuration = await instance().configuration('busy');
    let isRunning = true;
    const load = (async () => {
      while (isRunning) await instance().session(configuration);
    })();
    try {
      for (let check = 0; check < 8; check += 1)
        expect((await instance().get(path)).body).toMatchObject({ exact: true, totals: { missing: 0 } });
    } finally {
      isRunning = false;
      await load;
    }
  });

  it('requires the scope ops in all organisations, and accepts only the parameter depth', async () => {
    const ops = await addApiToken(instance(), { scopes: ['ops'], organisationId: null });
    expect((await instance().get(path, ops.headers)).status).toBe(200);
    const ofOneOrganisation = await addApiToken(instance(), { scopes: ['ops'] });
    expect(await instance().get(path, ofOneOrganisation.headers)).toMatchObject({
      status: 403,
      body: { code: 'all_organisations_needed' },
    });
    const reader = await addApiToken(instance(), { scopes: ['usage:read', 'admin'] });
    expect(await instance().get(path, reader.headers)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope', detail: expect.stringContaining('ops') },
    });
    expect((await instance().get(path, {})).status).toBe(401);
    for (const query of ['?depth=deep', '?deep=1'])
      expect(await instance().get(`${path}${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
  });
});
