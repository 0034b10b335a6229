import { expect, it } from 'vitest';
import { fenceFailpoints } from '../../../consumers/declarations/failpoints.ts';
import { relayFailpoints } from '../../../src/journal/declarations/failpoints.ts';
import { audit } from '../../support/faults/audit.ts';
import { createExchangeLog } from '../../support/faults/exchange-log.ts';
import { restartEnded } from '../../support/faults/kafka/faults.ts';
import { createRig, type Rig } from '../../support/faults/kafka/rig.ts';
import { untilStored } from '../../support/faults/kafka/stored.ts';
import { createLoadClient } from '../../support/faults/load-client.ts';
import { describeServices } from '../../support/services/need.ts';

const partitions = 6;
/** Returns the hits of a failpoint at which the process is killed. A consumer claims each partition only once. */
const passagesOf = (name: string) => (name.startsWith('take') ? [1, partitions] : [1, 2, 25]);

describeServices('a gateway or consumer that is killed at a failpoint', ['kafka', 'postgres'], () => {
  it('does not lose an event or store an event twice, at any failpoint', async () => {
    const rig = await createRig({ brokers: 1, partitions, gateways: 1, consumers: 1 });
    try {
      expect(await killAtEach(rig)).toEqual([]);
    } finally {
      await rig.remove();
    }
  }, 600_000);

  async function killAtEach(rig: Rig): Promise<readonly string[]> {
    const exchangeLog = createExchangeLog(rig.tokens);
    const instances = [...rig.gateways, ...rig.consumers];
    await Promise.all(instances.map((instance) => instance.start()));
    const client = createLoadClient({ url: rig.gateways[0]?.url ?? '', concurrency: 8 }, exchangeLog);
    let goal = Number.POSITIVE_INFINITY;
    const load = client.run(() => exchangeLog.answered.size >= goal);
    load.catch(() => {});
    try {
      for (const name of [...relayFailpoints, ...fenceFailpoints])
        for (const passage of passagesOf(name)) await killAt(rig, name, passage);
      goal = exchangeLog.answered.size + 300;
      await load;
    } finally {
      goal = 0;
      client.close();
    }
    await untilStored(rig);
    await Promise.all(instances.map((instance) => instance.stop()));
    await rig.cluster.clickHouse.stop();
    const journalDirs = rig.gateways.map(({ dataDir }) => dataDir);
    const { violations, figures } = await audit(
      { clickHouseDir: rig.clickHouseDir, journalDirs },
      exchangeLog,
    );
    console.log('killed at each failpoint of the cluster', figures);
    return [...violations, ...exchangeLog.refused.map(() => 'an exchange was refused')];
  }

  async function killAt(rig: Rig, name: string, passage: number): Promise<void> {
    const [instance] = name.startsWith('relay') ? rig.gateways : rig.consumers;
    await instance?.kill();
    await instance?.spawn({ env: { DANGEROUS_FAILPOINT: `${name}:${passage}` } });
    expect(await instance?.ended(), `${name}:${passage}`).toBe('SIGKILL');
    await restartEnded(rig);
    console.log(`killed at ${name}:${passage}`);
  }
});
