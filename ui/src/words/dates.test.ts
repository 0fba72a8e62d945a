import { describe, expect, it } from 'vitest';
import {
  clockTime,
  dayAndTime,
  dayHeading,
  dayKey,
  longDate,
  minutesAndSeconds,
  shortDate,
  untilWhen,
} from './dates';

const NOW = new Date('2026-11-25T10:00:00Z');

describe('dates', () => {
  it('are written out in both languages', () => {
    expect(longDate('2027-01-03', 'en')).toBe('3 January 2027');
    expect(longDate('2027-01-03', 'cy')).toBe('3 Ionawr 2027');
    expect(shortDate('2034-03-04T00:00:00Z', 'en')).toBe('4 Mar 2034');
    expect(shortDate('2034-03-04T00:00:00Z', 'cy')).toBe('4 Maw 2034');
  });

  it('have a name for each month in both languages', () => {
    const names = (tongue: 'en' | 'cy') =>
      new Set(
        Array.from({ length: 12 }, (_, month) =>
          longDate(`2027-${String(month + 1).padStart(2, '0')}-15`, tongue),
        ),
      );
    expect(names('en').size).toBe(12);
    expect(names('cy').size).toBe(12);
  });

  it('are those of London, in summer time too', () => {
    expect(longDate('2026-06-30T23:30:00Z', 'en')).toBe('1 July 2026');
    expect(clockTime('2026-06-30T23:30:00Z')).toBe('00:30');
    expect(longDate('2026-12-31T23:30:00Z', 'en')).toBe('31 December 2026');
    expect(dayKey('2026-06-30T23:30:00Z')).toBe('2026-07-01');
  });

  it('say today and yesterday', () => {
    expect(dayAndTime('2026-11-25T09:12:00Z', NOW, 'en')).toBe('today at 09:12');
    expect(dayAndTime('2026-11-24T18:15:00Z', NOW, 'cy')).toBe('ddoe am 18:15');
    expect(dayAndTime('2026-11-12T11:20:00Z', NOW, 'en')).toBe('12 November 2026 at 11:20');
    expect(dayHeading('2026-11-25T00:10:00Z', NOW, 'cy')).toBe('Heddiw');
    expect(dayHeading('2026-11-12T11:20:00Z', NOW, 'cy')).toBe('Dydd Iau 12 Tachwedd 2026');
  });

  it('leave the day out of a time that is today', () => {
    expect(untilWhen('2026-11-25T14:20:00Z', NOW, 'en')).toBe('14:20');
    expect(untilWhen('2026-11-26T14:20:00Z', NOW, 'en')).toBe('26 November 2026 at 14:20');
  });

  it('count down in minutes and seconds, never below nothing', () => {
    expect(minutesAndSeconds(102)).toBe('1:42');
    expect(minutesAndSeconds(59.2)).toBe('1:00');
    expect(minutesAndSeconds(-3)).toBe('0:00');
  });
});
