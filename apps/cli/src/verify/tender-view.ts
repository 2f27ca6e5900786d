/** What the checks of a tender look at: its entries in log order, its notices, terms, keys and boxes. */
import {
  fromBase64,
  fromDocument,
  parseCanonicalObject,
  sha256,
  toBase64,
  type CanonicalObject,
} from '@segel/encoding';
import type { EntryTypeName } from '@segel/evidence';
import { packFromDocument, type RulePack, type TenderTerms } from '@segel/procurement';
import type { LogEntry } from './checks/entries.js';
import type { Evidence, EvidenceManifest, EvidenceOpened } from './evidence.js';
import { KeyRegistry } from './keys.js';
import type { OpenedLog } from './verify-log.js';

/** A `tender.published` or `tender.addendum` with the terms it names, when their bytes are there. */
export type Notice = LogEntry & { readonly version: number; readonly terms?: TenderTerms };

/** A `box.closed`. */
export type Box = {
  readonly index: number;
  readonly at: Date;
  readonly lotId: string;
  readonly envelope: string;
  readonly deadline: Date;
  readonly latestNoticeSha256: string;
  readonly cutSize: number;
  readonly count: number;
  readonly setRoot: string;
};

export class TenderView {
  readonly tenderId: string;
  readonly keys: KeyRegistry;
  readonly pack: RulePack | undefined;
  readonly notices: readonly Notice[];
  readonly boxes: readonly Box[];

  constructor(
    readonly log: OpenedLog,
    readonly evidence: Evidence,
    /** All readable entries of the tender, in log order. */
    readonly entries: readonly LogEntry[],
  ) {
    this.tenderId = evidence.tenderId;
    this.keys = new KeyRegistry(log.clear);
    this.pack = readPack(evidence.rulePack);
    this.notices = this.of('tender.published', 'tender.addendum').map((notice) => this.#notice(notice));
    this.boxes = this.of('box.closed').map(readBox);
  }

  /** Entries of these types, in log order. */
  of(...types: readonly EntryTypeName[]): readonly LogEntry[] {
    return this.entries.filter(({ entry }) => types.includes(entry.type));
  }

  /** Entries of these types about the box's lot and, where the entry names one, its envelope. */
  ofBox(box: Box, ...types: readonly EntryTypeName[]): readonly LogEntry[] {
    return this.of(...types).filter(({ entry }) => {
      const envelope = entry.body['envelope'];
      return lotOf({ entry }) === box.lotId && (envelope === undefined || envelope === box.envelope);
    });
  }

  /** The disclosed bids of a box, in log order. */
  bidsOf(box: Box): readonly LogEntry[] {
    return this.ofBox(box, 'bid.submitted', 'bid.replaced');
  }

  manifest(bidId: string): EvidenceManifest | undefined {
    return this.evidence.manifests.find((manifest) => manifest.bidId === bidId);
  }

  opened(bidId: string): EvidenceOpened | undefined {
    return this.evidence.opened.find((opened) => opened.bidId === bidId);
  }

  /** True when the tender's opening of this lot is over. */
  isOpened(lotId: string): boolean {
    return this.of('opening.completed').some((entry) => lotOf(entry) === lotId);
  }

  /** The notice that was in force at an index of the log. */
  noticeAt(index: number): Notice | undefined {
    return this.notices.findLast((notice) => notice.index < index);
  }

  /** The deadline that held at an index of the log: of the notice, or of an outage that moved it since. */
  deadlineAt(index: number): string {
    const said = this.of('tender.published', 'tender.addendum', 'outage.recorded')
      .filter((entry) => entry.index < index)
      .map(({ entry: { type, body } }) => text(body, type === 'outage.recorded' ? 'extended_to' : 'deadline'));
    return said.findLast((deadline) => deadline !== '') ?? '';
  }

  #notice(notice: LogEntry): Notice {
    const version = notice.entry.body['version'] as number;
    const given = this.evidence.terms.find((terms) => terms.version === version);
    if (given === undefined) return { ...notice, version };
    try {
      const bytes = fromBase64(given.bytes);
      if (toBase64(sha256(bytes)) !== notice.entry.body['terms_sha256']) return { ...notice, version };
      return { ...notice, version, terms: fromDocument<TenderTerms>(parseCanonicalObject(bytes)) };
    } catch {
      return { ...notice, version };
    }
  }
}

/** The lot an entry is about. */
export function lotOf({ entry }: Pick<LogEntry, 'entry'>): string | undefined {
  return entry.lotId ?? (entry.body['lot_id'] as string | undefined);
}

/** A text member of an entry's body; empty when it is missing, which no id or hash equals. */
export function text(body: CanonicalObject, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

function readPack(bytes: string): RulePack | undefined {
  try {
    return packFromDocument(parseCanonicalObject(fromBase64(bytes)));
  } catch {
    return undefined;
  }
}

function readBox({ index, entry: { at, body } }: LogEntry): Box {
  return {
    index,
    at,
    lotId: text(body, 'lot_id'),
    envelope: text(body, 'envelope'),
    deadline: new Date(text(body, 'deadline')),
    latestNoticeSha256: text(body, 'latest_notice_sha256'),
    cutSize: body['cut_size'] as number,
    count: body['count'] as number,
    setRoot: text(body, 'set_root'),
  };
}
