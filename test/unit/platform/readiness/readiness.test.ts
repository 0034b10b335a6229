import { describe, expect, it } from 'vitest';
import { createReadiness } from '../../../../src/platform/readiness/readiness.ts';

/** Creates a part of a process, and its check. A test sets the problem of the part. */
function createPart(name: string, isHarmless?: true) {
  const part = { trouble: undefined as string | undefined };
  return { part, check: { name, trouble: () => part.trouble, ...(isHarmless && { isHarmless }) } };
}

function createFixture() {
  const clock = { ms: Date.parse('2026-12-01T10:00:00.000Z') };
  const sink = createPart('sink');
  const kafka = createPart('Kafka', true);
  const { report } = createReadiness([sink.check, kafka.check], { nowMs: () => clock.ms });
  return { clock, sink: sink.part, kafka: kafka.part, report };
}

describe('readiness', () => {
  it('is ready while no part has a problem', () => {
    const { report } = createFixture();
    const [sink, kafka] = ['sink', 'Kafka'].map((name) => ({ name, trouble: null, since: null }));
    expect(report()).toEqual({ status: 'ready', parts: [sink, kafka] });
  });

  it('is degraded if only a harmless part has a problem, and not ready if another part has one', () => {
    const { sink, kafka, report } = createFixture();
    kafka.trouble = 'no broker responds';
    expect(report().status).toBe('degraded');
    sink.trouble = 'storing fails';
    expect(report().status).toBe('not ready');
    sink.trouble = undefined;
    expect(report().status).toBe('degraded');
    kafka.trouble = undefined;
    expect(report().status).toBe('ready');
  });

  it('reports since when a part has a problem, even if the reason changes in the meantime', () => {
    const { clock, kafka, report } = createFixture();
    kafka.trouble = 'no broker responds';
    report();
    clock.ms += 60_000;
    kafka.trouble = 'no answer within 4000 ms';
    expect(report().parts[1]).toEqual({
      name: 'Kafka',
      trouble: 'no answer within 4000 ms',
      since: '2026-12-01T10:00:00.000Z',
    });
    kafka.trouble = undefined;
    report();
    kafka.trouble = 'no broker responds';
    expect(report().parts[1]?.since).toBe('2026-12-01T10:01:00.000Z');
  });
});
