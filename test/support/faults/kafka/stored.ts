import { sleep, until } from '../instance.ts';
import { restartEnded } from './faults.ts';
import type { Rig } from './rig.ts';

const storedTimeoutMs = 240_000;

/** Waits until all processes run, all journal entries are sent, and the group has stored every event in the topic. */
export async function untilStored(rig: Rig, { topic, group } = rig.cluster): Promise<void> {
  let state = 'not read yet';
  const isStored = async () => {
    await sleep(500);
    await restartEnded(rig);
    const pending = await Promise.all(rig.gateways.map(({ url }) => pendingEvents(url)));
    const behind = await lags(rig, topic, group);
    state = JSON.stringify({ pending, behind });
    return [...pending, ...behind].every((events) => events === 0);
  };
  const keepError = (error: unknown) => {
    state = String(error);
    return false;
  };
  const outputs = () => rig.consumers.map((consumer) => consumer.output().slice(-3000)).join('\n');
  await until(
    'everything is stored',
    () => isStored().catch(keepError),
    storedTimeoutMs,
    () => `${outputs()}\n${state}`,
  );
}

/** Makes the consumers reread events that are already stored. This must not change the stored data. */
export async function readAgain(rig: Rig, progress: (line: string) => void): Promise<void> {
  const { topics, topic, group } = rig.cluster;
  const copy = { topic: `${topic}-copy`, group: `${group}-copy` };

  async function restartAfter(
    change: () => Promise<unknown>,
    env: Record<string, string> = {},
  ): Promise<void> {
    // A consumer may have just exited, because it gives up if no broker responds.
    await restartEnded(rig);
    await Promise.all(rig.consumers.map((consumer) => consumer.waitUntilLive()));
    await Promise.all(rig.consumers.map((consumer) => consumer.stop()));
    await change();
    await Promise.all(rig.consumers.map((consumer) => consumer.start({ env })));
  }

  await restartAfter(() => topics.resetGroup(group, topic));
  await untilStored(rig);
  progress('read again from the beginning: offsets reset');
  await restartAfter(() => topics.deleteGroup(group));
  await untilStored(rig);
  progress('read again from the beginning: offsets deleted');
  const makeCopy = async () => {
    await topics.create(copy.topic, (await topics.bounds(topic)).length);
    progress(`${await topics.copy(topic, copy.topic)} records copied to another topic`);
  };
  await restartAfter(makeCopy, { KAFKA_TOPIC: copy.topic, KAFKA_GROUP: copy.group });
  await untilStored(rig, { ...rig.cluster, ...copy });
  progress('read again from the copy');
}

async function pendingEvents(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^watmeter_journal_pending_events (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** Returns the number of uncommitted events of the group, per partition. */
async function lags({ cluster: { topics } }: Rig, topic: string, group: string): Promise<number[]> {
  const [bounds, committed] = await Promise.all([topics.bounds(topic), topics.committed(group, topic)]);
  return bounds.map(({ high }, index) => Number(high) - Math.max(0, Number(committed[index])));
}
