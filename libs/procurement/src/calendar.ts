/** Days, holidays and office hours in a rule pack's time zone (procurement.md section 5). Time zones come from
 *  Intl alone, so that a browser and an auditor's program compute the same end of a period as the server. */

export type Calendar = {
  /** IANA name, such as `Asia/Jakarta`. */
  readonly timeZone: string;
  /** Days off, ISO 8601 weekday numbers: 1 Monday to 7 Sunday. */
  readonly weekend: readonly number[];
  /** Local dates `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
  /** The last local date that the list of holidays covers. */
  readonly holidaysKnownUntil?: string;
  /** Local times `HH:MM`. */
  readonly officeHours: { readonly from: string; readonly to: string };
  /** A demonstration's day in milliseconds: days then have no dates, no weekends and no office hours. */
  readonly dayMs?: number;
};

/** A length of time in days, as laws say it. */
export type Period = {
  readonly length: number;
  readonly calendar: 'calendar' | 'working';
  readonly endsInOfficeHours: boolean;
};

type LocalTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The instant `days` days later (earlier when negative) at the same local time of day. Working days skip
 *  weekends and holidays. A local time that a clock change skips moves forward by the gap. */
export function addDays(from: Date, days: number, calendar: Calendar, count: Period['calendar'] = 'calendar'): Date {
  if (!Number.isSafeInteger(days)) throw new Error('days are whole');
  if (calendar.dayMs !== undefined) return new Date(from.getTime() + days * calendar.dayMs);
  const local = localTime(from, calendar.timeZone);
  const date = count === 'calendar' ? shiftDate(local, days) : shiftWorkingDays(local, days, calendar);
  const instant = instantOf({ ...local, ...date }, calendar.timeZone);
  return new Date(instant.getTime() + (((from.getTime() % 1000) + 1000) % 1000));
}

/** When a period that began with an event is over. The day of the event does not count. The period ends with its
 *  last day (local midnight) or, when it must end in office hours, at the office's closing time of that day or,
 *  if the office is closed that day, of the next working day. */
export function periodEnd(event: Date, period: Period, calendar: Calendar): Date {
  if (calendar.dayMs !== undefined) return addDays(event, period.length, calendar);
  const start = localTime(event, calendar.timeZone);
  let last =
    period.calendar === 'calendar' ? shiftDate(start, period.length) : shiftWorkingDays(start, period.length, calendar);
  if (!period.endsInOfficeHours)
    return instantOf({ ...shiftDate(last, 1), hour: 0, minute: 0, second: 0 }, calendar.timeZone);
  while (!isWorkingDate(last, calendar)) last = shiftDate(last, 1);
  const [hour, minute] = calendar.officeHours.to.split(':').map(Number) as [number, number];
  return instantOf({ ...last, hour, minute, second: 0 }, calendar.timeZone);
}

/** True when the local date of the instant is neither weekend nor holiday. */
export function isWorkingDay(at: Date, calendar: Calendar): boolean {
  return isWorkingDate(localTime(at, calendar.timeZone), calendar);
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function localDate(at: Date, calendar: Calendar): string {
  return dateText(localTime(at, calendar.timeZone));
}

/** An instant as people read it on a clock of the zone: `YYYY-MM-DDTHH:MM`, with `:SS` when the seconds are not zero. */
export function localText(at: Date, timeZone: string): string {
  const local = localTime(at, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(local.hour)}:${two(local.minute)}`;
  return `${dateText(local)}T${time}${local.second === 0 ? '' : `:${two(local.second)}`}`;
}

/** The instant of such a text; undefined when it is none, or no day of the calendar. */
export function fromLocalText(text: string, timeZone: string): Date | undefined {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (parts.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const date = dateText({ year, month, day });
  const exists = dateText(shiftDate({ year, month, day }, 0)) === date && hour < 24 && minute < 60 && second < 60;
  return exists ? instantOf({ year, month, day, hour, minute, second }, timeZone) : undefined;
}

type LocalDate = Pick<LocalTime, 'year' | 'month' | 'day'>;

function shiftWorkingDays(from: LocalDate, days: number, calendar: Calendar): LocalDate {
  const step = Math.sign(days);
  let date = from;
  for (let left = Math.abs(days); left > 0;) {
    date = shiftDate(date, step);
    if (isWorkingDate(date, calendar)) left--;
  }
  return date;
}

function isWorkingDate(date: LocalDate, calendar: Calendar): boolean {
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay() || 7;
  return !calendar.weekend.includes(weekday) && !calendar.holidays.includes(dateText(date));
}

function shiftDate(date: LocalDate, days: number): LocalDate {
  const at = new Date(Date.UTC(date.year, date.month - 1, date.day) + days * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

function dateText({ year, month, day }: LocalDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The instant of a local time: the offset is guessed from UTC and corrected once, which settles every clock change
 *  (of a time that occurs twice the earlier is taken, a time that never occurs moves forward). */
function instantOf(local: LocalTime, timeZone: string): Date {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  const candidates = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - offsetMs(new Date(near), timeZone));
  const fitting = candidates.filter((at) => at + offsetMs(new Date(at), timeZone) === asUtc);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : Math.max(...candidates));
}

function offsetMs(at: Date, timeZone: string): number {
  const t = localTime(at, timeZone);
  const wholeSeconds = Math.floor(at.getTime() / 1000) * 1000;
  return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second) - wholeSeconds;
}

function localTime(at: Date, timeZone: string): LocalTime {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}
