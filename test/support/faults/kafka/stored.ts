import { sleep, until } from '../instance.ts';
import { restartEnded } from './faults.ts';
import type { Rig } from './rig.ts';

const storedTimeoutMs = 240_000;

/**
 * Waits until all processes run, all journal entries are sent, and the group has stored every event in the topic. Gateways
 * send watermarks every second, so the end of a partition moves even without events: the group must reach the end at the
 * time when all entries had been sent.
 */
export async function untilStored(rig: Rig, { topic, group } = rig.cluster): Promise<void> {
  let state = 'not read yet';
  let ends: number[] | undefined;
  const isStored = async () => {
    await sleep(500);
    await restartEnded(rig);
    const pending = await Promise.all(rig.gateways.map(({ url }) => pendingEvents(url)));
    if (pending.every((events) => events === 0)) ends ??= await readEnds(rig, topic);
    else ends = undefined;
    const behind = ends && (await lags(rig, { topic, group, ends }));
    state = JSON.stringify({ pending, behind });
    return behind?.every((messages) => messages === 0) === true;
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
    progress(`${(await topics.copy(topic, copy.topic)).records} records copied to another topic`);
  };
  await restartAfter(makeCopy, { KAFKA_TOPIC: copy.topic, KAFKA_GROUP: copy.group });
  await untilStored(rig, { ...rig.cluster, ...copy });
  progress('read again from the copy');
}

async function pendingEvents(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^watmeter_journal_pending_events (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** Returns the next offset of each partition. */
async function readEnds({ cluster: { topics } }: Rig, topic: string): Promise<number[]> {
  return (await topics.bounds(topic)).map(({ high }) => Number(high));
}

/** Returns the number of messages before the given ends that the group has not committed, per partition. */
async function lags(
  { cluster: { topics } }: Rig,
  { topic, group, ends }: { topic: string; group: string; ends: readonly number[] },
): Promise<number[]> {
  const committed = await topics.committed(group, topic);
  return ends.map((end, index) => Math.max(0, end - Math.max(0, Number(committed[index]))));
}
