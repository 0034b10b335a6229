import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../../src/platform/instants.ts';

describe('parseInstant', () => {
  it('parses every instant that JavaScript formats, in UTC and with any offset', () => {
    const instants = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(instants, offsets, (instant, offsetMinutes) => {
        expect(parseInstant(instant.toISOString())).toBe(instant.getTime());
        const local = new Date(instant.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        expect(parseInstant(local + offsetText(offsetMinutes))).toBe(instant.getTime());
      }),
    );
  });

  it('accepts only dates that exist', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const [y, m, d] = [String(year).padStart(4, '0'), pad(month), pad(day)];
          const parsed = parseInstant(`${y}-${m}-${d}T12:00:00Z`);
          const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
          expect(parsed !== undefined).toBe(isDay);
          if (parsed !== undefined)
            expect(new Date(parsed).toISOString().slice(-24)).toBe(`${y}-${m}-${d}T12:00:00.000Z`);
        },
      ),
    );
  });

  it.each([
    '',
    'tomorrow',
    '2026-11-21',
    '2026-11-21T08:00Z',
    '2026-11-21T08:00:00',
    '2026-11-21 08:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T23:59:60Z',
    '2026-11-21T08:00:00+24:00',
    '2026-11-21T08:00:00+0100',
    '2026-11-21T08:00:00.Z',
    ' 2026-11-21T08:00:00Z',
    '2026-11-21T08:00:00Z\n',
    '+002026-11-21T08:00:00Z',
    '1795248000',
  ])('rejects %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('accepts lower-case letters and more digits than it keeps (RFC 3339)', () => {
    expect(parseInstant('2026-11-21t08:00:00z')).toBe(Date.UTC(2026, 10, 21, 8));
    expect(parseInstant('2026-11-21T08:00:00.123456789Z')).toBe(Date.UTC(2026, 10, 21, 8, 0, 0, 123));
  });
});

const pad = (number: number) => String(number).padStart(2, '0');

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
