import { describe, expect, it } from '@jest/globals';
import { vectors } from '../vectors/examples.js';
import type { Calendar } from './index.js';
import { addDays, fromLocalText, isWorkingDay, localDate, localText, periodEnd, rulePack } from './index.js';

type Case = {
  kind: 'add' | 'end';
  calendar: 'jakarta' | 'berlin' | 'demo';
  from: string;
  length: number;
  count: 'calendar' | 'working';
  office?: boolean;
  expected: string;
  why?: string;
};

const CALENDARS: Record<Case['calendar'], Calendar> = {
  jakarta: rulePack('id/tender-goods').calendar,
  berlin: {
    timeZone: 'Europe/Berlin',
    weekend: [6, 7],
    holidays: ['2026-04-03', '2026-04-06'],
    officeHours: { from: '08:00', to: '16:00' },
  },
  demo: rulePack('demo/fast').calendar,
};

describe('days and periods', () => {
  it.each(vectors<{ cases: Case[] }>('calendar.json').cases)(
    '$kind $length $count days in $calendar from $from ($why)',
    ({ kind, calendar, from, length, count, office, expected }) => {
      const got =
        kind === 'add'
          ? addDays(new Date(from), length, CALENDARS[calendar], count)
          : periodEnd(
              new Date(from),
              { length, calendar: count, endsInOfficeHours: office ?? false },
              CALENDARS[calendar],
            );
      expect(got.toISOString()).toBe(expected);
    },
  );

  it('a day belongs to the time zone of the pack', () => {
    const late = new Date('2026-03-19T18:00:00.000Z');
    expect(localDate(late, CALENDARS.jakarta)).toBe('2026-03-20');
    expect(isWorkingDay(late, CALENDARS.jakarta)).toBe(true);
    expect(isWorkingDay(new Date('2026-03-19T03:00:00.000Z'), CALENDARS.jakarta)).toBe(false);
  });

  it('fractions of days are refused', () => {
    expect(() => addDays(new Date(0), 0.5, CALENDARS.berlin)).toThrow();
  });

  it('instants are written and read as the clock of the zone shows them', () => {
    const at = new Date('2026-03-19T18:05:00.000Z');
    expect(localText(at, 'Asia/Jakarta')).toBe('2026-03-20T01:05');
    expect(localText(new Date(at.getTime() + 7000), 'UTC')).toBe('2026-03-19T18:05:07');
    for (const zone of ['Asia/Jakarta', 'Europe/Berlin', 'UTC'])
      expect(fromLocalText(localText(at, zone), zone)).toEqual(at);
    for (const wrong of [
      '',
      '2026-03-19',
      '2026-02-30T10:00',
      '2026-13-01T10:00',
      '2026-03-19T24:00',
      '19.3.2026 10:00',
    ])
      expect(fromLocalText(wrong, 'UTC')).toBeUndefined();
  });
});
