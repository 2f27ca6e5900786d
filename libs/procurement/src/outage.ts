/** A measured outage before a deadline moves it (requirement 80): pure, so that a verifier computes the same from the probes
 *  that were published. */
import { canonicalBytes, formatInstant, parseCanonicalObject, parseInstant, sha256, toBase64 } from '@segel/encoding';
import type { CanonicalObject } from '@segel/encoding';
import { wholeSecond } from './addendum.js';
import type { RulePack } from './rule-pack.js';

/** One look at the service; what is not there was not looked at, and counts as down. */
export type ProbeResult = { readonly at: Date; readonly ok: boolean; readonly failed: readonly string[] };

/** The probes of a window, with the last one before it. */
export type OutageEvidence = {
  readonly tenderId: string;
  readonly from: Date;
  readonly until: Date;
  readonly everyS: number;
  /** In order of time. */
  readonly probes: readonly ProbeResult[];
};

/** After so many missed probes nobody knows any more that the service worked. */
export const PROBES_MISSED = 2;

/** No gap shorter than this counts as down, whatever an evidence says of how often it looked: whoever wrote it could
 *  otherwise make an outage of probes that all went well. */
const SHORTEST_GAP_MS = 60_000;

/** Milliseconds of the window in which the service was down: after a failed probe until the next good one, and where
 *  probes are missing. */
export function downMs({ from, until, everyS, probes }: Omit<OutageEvidence, 'tenderId'>): number {
  const holdsMs = Math.max(PROBES_MISSED * everyS * 1000, SHORTEST_GAP_MS);
  let upMs = 0;
  probes.forEach(({ at, ok }, i) => {
    if (!ok) return;
    const next = probes[i + 1]?.at.getTime() ?? Infinity;
    const begin = Math.max(at.getTime(), from.getTime());
    const end = Math.min(at.getTime() + holdsMs, next, until.getTime());
    upMs += Math.max(0, end - begin);
  });
  return Math.max(0, until.getTime() - from.getTime()) - upMs;
}

/** An outage that was recorded for the tender before. */
export type RecordedOutage = { readonly until: Date; readonly extendedTo: Date | null };

/** The window that counts before a deadline: since the pack's hours before it, the publication and the last outage that
 *  was counted already, until the deadline or now. */
export function outageWindow(asked: {
  readonly pack: RulePack;
  readonly publishedAt: Date;
  readonly deadlineAt: Date;
  readonly earlier: readonly RecordedOutage[];
  readonly now: Date;
}): { readonly from: Date; readonly until: Date } | undefined {
  const { pack, publishedAt, deadlineAt, earlier, now } = asked;
  if (pack.outage === undefined) return undefined;
  const begins = [
    deadlineAt.getTime() - pack.outage.withinHours * 3_600_000,
    publishedAt.getTime(),
    ...earlier.map(({ until }) => until.getTime()),
  ];
  const [from, until] = [Math.max(...begins), Math.min(now.getTime(), deadlineAt.getTime())];
  return from < until ? { from: new Date(from), until: new Date(until) } : undefined;
}

/** What an outage does: nothing (undefined), or the deadline that holds from now on; null when the pack's number of
 *  extensions is used up. */
export function outageExtension(asked: {
  readonly pack: RulePack;
  readonly deadlineAt: Date;
  readonly downMs: number;
  readonly earlier: readonly RecordedOutage[];
  readonly now: Date;
}): { readonly minutes: number; readonly extendedTo: Date | null } | undefined {
  const { pack, deadlineAt, earlier, now } = asked;
  const { outage } = pack;
  if (outage === undefined || asked.downMs <= outage.minutes * 60_000) return undefined;
  const minutes = Math.floor(asked.downMs / 60_000);
  const extended = earlier.filter(({ extendedTo }) => extendedTo !== null).length;
  if (extended >= outage.atMost) return { minutes, extendedTo: null };
  // From now when it is over already: nobody could bid in a time that has passed.
  const start = Math.max(deadlineAt.getTime(), now.getTime());
  return { minutes, extendedTo: wholeSecond(start + outage.extendHours * 3_600_000) };
}

/** The public document of the evidence, as bytes and their SHA-256 (base64). */
export function outageDocument({ tenderId, from, until, everyS, probes }: OutageEvidence): {
  readonly bytes: Uint8Array;
  readonly sha256: string;
} {
  const document: CanonicalObject = {
    v: 1,
    tender_id: tenderId,
    from: formatInstant(from),
    until: formatInstant(until),
    every_s: everyS,
    probes: probes.map(({ at, ok, failed }) => ({
      at: formatInstant(at),
      ok,
      ...(failed.length === 0 ? {} : { failed }),
    })),
  };
  const bytes = canonicalBytes(document);
  return { bytes, sha256: toBase64(sha256(bytes)) };
}

type ProbeDocument = { readonly at: string; readonly ok: boolean; readonly failed?: readonly string[] };

/** The evidence of a document. Throws when it is malformed or its probes are not in order. */
export function readOutageDocument(bytes: Uint8Array): OutageEvidence {
  const document = parseCanonicalObject(bytes);
  const { v, tender_id: tenderId, from, until, every_s: everyS, probes } = document;
  if (v !== 1 || typeof tenderId !== 'string' || typeof everyS !== 'number' || !Array.isArray(probes))
    throw new Error('not the evidence of an outage');
  const read = (probes as readonly ProbeDocument[]).map(({ at, ok, failed = [] }) => ({
    at: parseInstant(at),
    ok,
    failed,
  }));
  if (read.some(({ at }, i) => i > 0 && at < read[i - 1]!.at)) throw new Error('the probes are not in order');
  return { tenderId, from: parseInstant(from as string), until: parseInstant(until as string), everyS, probes: read };
}

/** The most seconds between two probes of an evidence that is believed: fewer probes would make every hour an outage. */
export const PROBE_EVERY_S_MAX = 300;
