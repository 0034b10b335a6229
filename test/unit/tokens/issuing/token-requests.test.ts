import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTokenRequests } from '../../../../src/tokens/issuing/token-requests.ts';
import { createStructureCheck } from '../../../../src/tokens/validation/structure.ts';
import {
  addConfiguration,
  createManualClock,
  createWatchedOpener,
  openControlAt,
  openTemporaryControl,
  sealPrivateKey,
  type TestControl,
} from '../support/control.ts';

const everything = { organisationId: undefined, configurationIds: undefined };
const checkStructure = createStructureCheck();

describe('createTokenRequests', () => {
  async function setUp() {
    const clock = createManualClock();
    const control = await openTemporaryControl(clock);
    const configurationId = await addConfiguration(control);
    const wanted = { configurationId, sub: 'alice', validityTimeInSec: 300, claims: {} };
    const requestsAt = ({ keyring }: TestControl) => createTokenRequests({ keyring, checkStructure, clock });
    return { clock, control, configurationId, wanted, requestsAt };
  }

  it('encrypts tokens with the newest accepted key', async () => {
    const { clock, control, configurationId, wanted, requestsAt } = await setUp();
    const requests = requestsAt(control);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyUsed = async () => {
      const { token } = await requests.request(wanted, everything);
      const opened = await createWatchedOpener(control, clock).open(token);
      return opened.ok ? opened.token.keyId : opened.reason;
    };
    const first = await keyUsed();
    await control.store
      .insertInto('configuration_keys')
      .values({
        ...{ id: 'newer', configuration_id: configurationId, public_key_digest: '', accepted_until: null },
        ...{ private_key: sealPrivateKey(control, 'newer', privateKey), created_at: clock.ms },
      })
      .execute();
    await control.keyring.reload();
    expect(await keyUsed()).toBe('newer');
    await control.store
      .updateTable('configuration_keys')
      .set({ accepted_until: clock.ms })
      .where('id', '=', 'newer')
      .execute();
    await control.keyring.reload();
    expect(await keyUsed()).toBe(first);
  });

  it('creates a token for a configuration that another process has just created', async () => {
    const { clock, control, wanted, requestsAt } = await setUp();
    const other = await openControlAt(control.place, clock);
    const configurationId = await addConfiguration(control);
    expect(other.keyring.find(configurationId)).toBeUndefined();
    const issued = await requestsAt(other).request({ ...wanted, configurationId }, everything);
    expect(issued).toMatchObject({ configurationId, subject: 'alice', createdAtMs: clock.ms });
  });

  it('creates tokens that a cut-off in the same millisecond revokes and that earlier cut-offs do not revoke', async () => {
    const { clock, control, configurationId, wanted, requestsAt } = await setUp();
    const opener = createWatchedOpener(control, clock);
    for (let round = 0; round < 40; round += 1) {
      clock.ms += 37;
      const { token } = await requestsAt(control).request(wanted, everything);
      const opened = await opener.open(token);
      if (!opened.ok) throw new Error(opened.reason);
      const { digest, claims } = opened.token;
      const known = { digest, configurationId, subject: 'alice', issuedAtS: claims.issuedAtS };
      expect(control.revocations.isRevoked(known)).toBe(false);
      await control.revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
      expect(control.revocations.isRevoked(known)).toBe(true);
    }
  });
});
