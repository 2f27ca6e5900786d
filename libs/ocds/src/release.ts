import type { Place } from './reader.js';
import { list, malformed, member, optionalText, optionalTime, present } from './reader.js';

/** The release with a tender, the latest by date when there are several. Throws `request_malformed`. */
export function chooseRelease(file: Place, notes: string[]): Place {
  const releases = member(file, 'releases');
  if (!present(releases)) {
    return malformed(releases, 'is missing: the file is not an OCDS release package');
  }
  const version = optionalText(member(file, 'version'));
  if (version !== undefined && !version.startsWith('1.')) malformed(member(file, 'version'), 'is not 1.x');
  const withTender = list(releases, 1_000).filter((release) => present(member(release, 'tender')));
  if (new Set(withTender.map((release) => member(release, 'ocid').value)).size > 1) {
    return malformed(releases, 'describe several contracting processes; one file is one tender');
  }
  const dated = withTender.map((release) => ({ release, time: optionalTime(member(release, 'date')) ?? 0 }));
  const latest = dated.reduce<(typeof dated)[number] | undefined>(
    (best, next) => (best && best.time > next.time ? best : next),
    undefined,
  );
  if (!latest) return malformed(releases, 'hold no tender');
  if (withTender.length > 1)
    notes.push(`The file has ${withTender.length} releases with a tender; the latest is used.`);
  return latest.release;
}
