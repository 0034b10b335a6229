import { type Audit, type AuditOptions, auditDataDirectory } from './audit.ts';
import { type Books, createBooks } from './books.ts';
import { createInstance, type Instance, waitUntilStored } from './instance.ts';
import { createLoadClient, type LoadClient } from './load-client.ts';
import type { Template } from './template.ts';
import { askUsage, compareUsage } from './usage-answers.ts';

/** One instance with its client, for a test that plants one fault. */
export interface FaultCase {
  readonly instance: Instance;
  readonly books: Books;
  readonly client: LoadClient;
  /** Exchanges until so many more were answered 200. */
  answerMore(count: number): Promise<void>;
  /** Waits until all is stored, stops the process, and checks numbers and ids. */
  finish(options?: AuditOptions): Promise<{ complaints: string[]; audit: Audit }>;
}

/** Runs `body` on a copy of the template; whatever happens, no process is left behind. */
export async function withFaultCase(
  template: Template,
  name: string,
  body: (one: FaultCase) => Promise<void>,
  concurrency = 16,
): Promise<void> {
  const instance = await createInstance(template.copy(name));
  const books = createBooks(template.tickets);
  const client = createLoadClient({ url: instance.url, concurrency }, books);
  try {
    await body({
      instance,
      books,
      client,
      async answerMore(count) {
        const target = books.answered.size + count;
        await client.run(() => books.answered.size >= target);
      },
      async finish(options) {
        await waitUntilStored(instance);
        const answers = await askUsage(instance.url, template.tickets, ['Asia/Kathmandu']);
        await instance.stop();
        const audit = await auditDataDirectory(instance.dataDir, books, options);
        const wrong = compareUsage(answers, audit.stored.rows, template.tickets);
        return { complaints: [...audit.complaints, ...wrong], audit };
      },
    });
  } finally {
    client.close();
    await instance.kill();
  }
}
