import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { Scope } from '../../../../src/platform/http/routes/access-rule.ts';
import { privateKeyContext } from '../../../../src/tokens/configurations/keyring.ts';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../../support/app-process.ts';
import { type Control, openControl } from '../../../support/control.ts';
import { embeddedStores } from '../../../support/control-stores.ts';
import { acceptedFixtures, type KeyFile, keyFiles, pkcs8Of } from '../../../unit/tokens/support/fixtures.ts';

export type Answer = Awaited<ReturnType<typeof call>>;
export type CallOptions = Parameters<typeof call>[3];

/** A running watmeter process, and a second connection to its control store, as another process would open. */
export interface Instance {
  readonly app: AppProcess;
  readonly url: string;
  readonly control: Control;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Creates a token for a configuration and exchanges it. Fails the test if the exchange is rejected. */
  session(configuration: TestConfiguration, claims?: Record<string, unknown>): Promise<Answer>;
  configuration(name?: string): Promise<TestConfiguration>;
  /** Waits until the usage API includes every session that was accepted before the call. */
  settled(): Promise<void>;
}

/** Starts one process before the tests of a file. After the tests, stops the process and removes its data. */
export function useInstance(env: Record<string, string> = {}, stores = embeddedStores): () => Instance {
  let instance: Instance | undefined;
  let cleanUp = async () => {};

  beforeAll(async () => {
    const database = await stores.create();
    cleanUp = database.remove;
    const app = await startAppProcess({
      dataDir: database.config.dataDir,
      env: { SINK_LINGER: '20ms', ...database.env, ...env },
    });
    cleanUp = async () => {
      await app.stop();
      await database.remove();
    };
    const control = await openControl({ ...database.config, adminToken: undefined }, systemClock);
    cleanUp = async () => {
      await control.store.destroy();
      await app.stop();
      await database.remove();
    };
    instance = createInstance(app, control);
  });
  afterAll(() => cleanUp());

  return () => {
    if (instance === undefined) throw new Error('the process runs only inside a test');
    return instance;
  };
}

function createInstance(app: AppProcess, control: Control): Instance {
  const { url } = app;
  const get: Instance['get'] = (path, headers) => call(url, 'GET', path, headers && { headers });
  const instance: Instance = {
    app,
    url,
    control,
    call: (method, path, options) => call(url, method, path, options),
    get,
    configuration: (name) => createConfiguration(url, name),
    async session(configuration, claims = { sub: 'alice' }) {
      const body = { webAccessToken: await mint(configuration, claims) };
      const answer = await call(url, 'POST', '/api/v1/wat/sessionToken', { body, headers: {} });
      if (answer.status !== 200) throw new Error(`the exchange was refused: ${answer.text}`);
      return answer;
    },
    async settled() {
      const now = Date.now();
      for (;;) {
        const { body } = await get('/api/v1/usage/summary');
        if (Date.parse(String(body['completeThrough'])) > now) return;
        if (Date.now() > now + 10_000)
          throw new Error(`the usage answers are not complete after 10 s: ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
  return instance;
}

export interface ApiTokenOptions {
  readonly scopes: readonly Scope[];
  readonly organisationId?: string | null;
  readonly expiresAtMs?: number;
}

/**
 * Inserts an API token into the control store, as another process would. Returns its id, its text and the request
 * headers that contain it.
 */
export async function addApiToken({ control }: Instance, options: ApiTokenOptions) {
  const { scopes, organisationId = 'default', expiresAtMs } = options;
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  await control.store
    .insertInto('api_tokens')
    .values({
      id,
      organisation_id: organisationId,
      name: `Token ${id}`,
      scopes: scopes.join(' '),
      secret_digest: createHash('sha256').update(secret).digest('hex'),
      created_at: Date.now(),
      expires_at: expiresAtMs ?? null,
      revoked_at: null,
    })
    .execute();
  const token = `wmt_${id}_${secret}`;
  return { id, token, headers: { authorization: `Bearer ${token}` } };
}

/** Inserts another organisation into the control store. The running process reads it within half a second. */
export async function addOrganisation({ control }: Instance): Promise<string> {
  const id = `org-${randomBytes(4).toString('hex')}`;
  const viewerKey = control.sealer.seal(randomBytes(32), `organisations/${id}`);
  await control.store
    .insertInto('organisations')
    .values({ id, name: id, created_at: Date.now(), viewer_key: viewerKey })
    .execute();
  return id;
}

/**
 * Inserts configurations with the ids and keys in test/fixtures/tokens into the control store, as another process
 * would. Waits until the running process accepts their tokens.
 */
export async function addFixtureConfigurations({ url, control }: Instance): Promise<void> {
  for (const [keyFile, id] of Object.entries(keyFiles)) {
    const keyId = randomBytes(12).toString('hex');
    const sealedPrivateKey = control.sealer.seal(pkcs8Of(keyFile as KeyFile), privateKeyContext(keyId));
    await control.configurationStore.insert(
      {
        id,
        organisationId: 'default',
        name: id,
        enabled: true,
        createdAtMs: Date.now(),
        deletedAtMs: undefined,
      },
      { id: keyId, publicKeyDigest: '', sealedPrivateKey },
    );
  }
  const tokens = Object.keys(keyFiles).map(
    (keyFile) => acceptedFixtures.find((fixture) => fixture.keyFile === keyFile)?.token,
  );
  await vi.waitFor(
    async () => {
      const answers = await Promise.all(tokens.map((token) => exchange(url, token)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    },
    { timeout: 2000 },
  );
}
