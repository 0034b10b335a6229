import { type Audit, type AuditOptions, auditDataDirectory } from './audit.ts';
import { createExchangeLog, type ExchangeLog } from './exchange-log.ts';
import { createInstance, type Instance, waitUntilStored } from './instance.ts';
import { createLoadClient, type LoadClient } from './load-client.ts';
import type { Template } from './template.ts';
import { askUsage, compareUsage } from './usage-answers.ts';

/** One instance and its load client, for a test that injects one fault. */
export interface FaultCase {
  readonly instance: Instance;
  readonly exchangeLog: ExchangeLog;
  readonly client: LoadClient;
  /** Exchanges tokens until `count` more exchanges have returned 200. */
  answerMore(count: number): Promise<void>;
  /** Waits until all events are stored, stops the process, and checks the totals and the ids. */
  finish(options?: AuditOptions): Promise<{ violations: string[]; audit: Audit }>;
}

/** Runs `body` on a copy of the template. Afterwards, all processes are stopped, even if `body` throws. */
export async function withFaultCase(
  template: Template,
  name: string,
  body: (faultCase: FaultCase) => Promise<void>,
  concurrency = 16,
): Promise<void> {
  const instance = await createInstance(template.copy(name));
  const exchangeLog = createExchangeLog(template.tokens);
  const client = createLoadClient({ url: instance.url, concurrency }, exchangeLog);
  try {
    await body({
      instance,
      exchangeLog,
      client,
      async answerMore(count) {
        const target = exchangeLog.answered.size + count;
        await client.run(() => exchangeLog.answered.size >= target);
      },
      async finish(options) {
        await waitUntilStored(instance);
        const answers = await askUsage(instance.url, template.tokens, ['Asia/Kathmandu']);
        await instance.stop();
        const audit = await auditDataDirectory(instance.dataDir, exchangeLog, options);
        const wrongAnswers = compareUsage(answers, audit.stored.rows, template.tokens);
        return { violations: [...audit.violations, ...wrongAnswers], audit };
      },
    });
  } finally {
    client.close();
    await instance.kill();
  }
}
