/**
 * Dates and times in words. Chromium has no Welsh dates, so `Intl` gives the parts only (in London time) and the names
 * of months and days are our own words.
 */
import type { Language } from '../wallet/bindings/Language';
import type { WordId } from './ids';
import { language, say } from './words.svelte';

interface Parts {
  year: string;
  month: number;
  day: number;
  weekday: number;
  time: string;
}

const MONTHS: WordId[] = [
  'month-1',
  'month-2',
  'month-3',
  'month-4',
  'month-5',
  'month-6',
  'month-7',
  'month-8',
  'month-9',
  'month-10',
  'month-11',
  'month-12',
];
const SHORT: WordId[] = [
  'month-short-1',
  'month-short-2',
  'month-short-3',
  'month-short-4',
  'month-short-5',
  'month-short-6',
  'month-short-7',
  'month-short-8',
  'month-short-9',
  'month-short-10',
  'month-short-11',
  'month-short-12',
];
const WEEKDAYS: WordId[] = [
  'weekday-0',
  'weekday-1',
  'weekday-2',
  'weekday-3',
  'weekday-4',
  'weekday-5',
  'weekday-6',
];

const parter = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function partsOf(instant: Date): Parts {
  const found = new Map(parter.formatToParts(instant).map((part) => [part.type, part.value]));
  const year = Number(found.get('year'));
  const month = Number(found.get('month'));
  const day = Number(found.get('day'));
  return {
    year: String(year),
    month,
    day,
    weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
    time: `${found.get('hour')}:${found.get('minute')}`,
  };
}

function written(parts: Parts, months: WordId[], tongue: Language): string {
  const month = months[parts.month - 1];
  return say(tongue, 'date-long', {
    day: String(parts.day),
    month: month ? say(tongue, month) : '',
    year: parts.year,
  });
}

/** "3 January 2027". `instant` is an RFC 3339 date or time. */
export function longDate(instant: string, tongue: Language = language()): string {
  return written(partsOf(new Date(instant)), MONTHS, tongue);
}

/** "3 Jan 2027", where room is short. */
export function shortDate(instant: string, tongue: Language = language()): string {
  return written(partsOf(new Date(instant)), SHORT, tongue);
}

/** "14:20". */
export function clockTime(instant: string): string {
  return partsOf(new Date(instant)).time;
}

function dayNumber(parts: Parts): number {
  return Math.round(Date.UTC(Number(parts.year), parts.month - 1, parts.day) / 86_400_000);
}

/** "today at 09:12", "yesterday at 18:15", "3 January 2027 at 11:20": for the middle of a sentence. */
export function dayAndTime(instant: string, now = new Date(), tongue: Language = language()): string {
  const parts = partsOf(new Date(instant));
  const ago = dayNumber(partsOf(now)) - dayNumber(parts);
  if (ago === 0) return say(tongue, 'date-today-at', { time: parts.time });
  if (ago === 1) return say(tongue, 'date-yesterday-at', { time: parts.time });
  return say(tongue, 'date-at', { date: written(parts, MONTHS, tongue), time: parts.time });
}

/** "14:20" when it is today, else the day as well: for a time until which something holds. */
export function untilWhen(instant: string, now = new Date(), tongue: Language = language()): string {
  const parts = partsOf(new Date(instant));
  if (dayNumber(partsOf(now)) === dayNumber(parts)) return parts.time;
  return say(tongue, 'date-at', { date: written(parts, MONTHS, tongue), time: parts.time });
}

/** A key that is the same for two instants of one day, `2027-01-03`. */
export function dayKey(instant: string): string {
  const { year, month, day } = partsOf(new Date(instant));
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** A heading for a day: "Today", "Yesterday", "Thursday 12 November 2026". */
export function dayHeading(instant: string, now = new Date(), tongue: Language = language()): string {
  const parts = partsOf(new Date(instant));
  const ago = dayNumber(partsOf(now)) - dayNumber(parts);
  if (ago === 0) return say(tongue, 'date-today');
  if (ago === 1) return say(tongue, 'date-yesterday');
  const weekday = WEEKDAYS[parts.weekday];
  const month = MONTHS[parts.month - 1];
  return say(tongue, 'date-weekday', {
    weekday: weekday ? say(tongue, weekday) : '',
    day: String(parts.day),
    month: month ? say(tongue, month) : '',
    year: parts.year,
  });
}

/** "1:42": minutes and seconds of a time that runs down. */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
