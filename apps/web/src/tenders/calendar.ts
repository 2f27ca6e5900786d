/** The dates of a tender for people's calendars (RFC 5545). */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';

const stamp = (instant: string | Date): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');
const escaped = (text: string): string => text.replace(/([\\;,])/g, '\\$1').replace(/\r\n?|\n/g, '\\n');

/** Lines of 75 bytes at most; a continuation begins with a space. Never cut inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (Buffer.byteLength(part + character) > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}

/** Instants are in UTC, which every calendar shows in the zone of its owner; the text says them in the tender's. */
export function calendarOf(
  { t, f, href, now }: Visitor,
  tender: Schemas['TenderView'],
  deadlineAt: string,
  url: string,
): string {
  const zone = tender.rules.timeZone;
  const event = (name: 'step.enquiries' | 'step.deadline', at: string): readonly string[] => [
    'BEGIN:VEVENT',
    `UID:${tender.id}-${name}@segel`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(at)}`,
    `DTEND:${stamp(at)}`,
    // An outage moves the deadline and makes no version.
    `SEQUENCE:${tender.version + tender.outages.length}`,
    `SUMMARY:${escaped(`${t(name)}: ${tender.title}`)}`,
    `DESCRIPTION:${escaped(`${f.moment(at, zone)}\n${t('tender.clock')}`)}`,
    `URL:${url}${href(`/tender/${tender.id}`)}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(t(name))}`,
    'TRIGGER:-P1D',
    'END:VALARM',
    'END:VEVENT',
  ];
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Segel//ID',
    ...event('step.enquiries', tender.terms.enquiryEndAt),
    ...event('step.deadline', deadlineAt),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}
