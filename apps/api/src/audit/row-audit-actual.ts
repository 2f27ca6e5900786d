/** The rows as they are, told in the words of the entries: documents by their hashes, rows of other tables by what
 *  entries name them with, shares by whether they are the committed ones. */
import { canonicalBytes, canonicalize, toBase64, type CanonicalObject, type Envelope } from '@segel/encoding';
import { credentialSha256, identitySha256, invitedSha256, partsSha256 } from '@segel/evidence';
import { findingDocument, freezeDocument, packDocument, type RulePack } from '@segel/procurement';
import {
  chairOf,
  isCommittedSeed,
  isShareOf,
  openManifest,
  partRoot,
  plaintextRoot,
  PRICE_FORM_PATH,
  type Manifest,
  type SealJson,
} from '@segel/sealing';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { contentKey } from '../platform/object-store/object-store.js';
import { FINDING } from './row-audit-awards.js';
import { ANNOUNCED, boxName, PARTS } from './row-audit-bids.js';
import { releaseName, type Opened } from './row-audit-openings.js';
import { bytesOf, cellOf, sha256, type Cell, type ReadRows, type Row } from './row-audit-rows.js';
import { noticeName } from './row-audit-tenders.js';

type Raw = Readonly<Record<string, unknown>>;

/** The bytes stored under a key, or undefined when there are none. */
export type ReadObject = (key: string) => Promise<Uint8Array | undefined>;

const UNREADABLE = 'unreadable';

export class ActualRows {
  readonly #raw = new Map<string, readonly Raw[]>();
  readonly #manifests = new Map<string, { readonly manifest: Manifest; readonly sha256: string }>();
  readonly #offers = new Map<string, Cell>();

  private constructor() {}

  /** Reads the tables, and of the objects the manifests and offer forms. */
  static async load(read: ReadRows, object: ReadObject, tables: readonly string[]): Promise<ActualRows> {
    const rows = new ActualRows();
    for (const table of tables) rows.#raw.set(table, await read(selectOf(table)));
    for (const bid of rows.raw('bid')) await rows.keepManifest(bid, object);
    for (const opened of rows.raw('opened_bid')) await rows.keepOffer(opened, object);
    return rows;
  }

  raw(table: string): readonly Raw[] {
    return this.#raw.get(table) ?? [];
  }

  manifest(bidId: string, manifestSha256: string): Manifest | undefined {
    const kept = this.#manifests.get(bidId);
    return kept?.sha256 === manifestSha256 ? kept.manifest : undefined;
  }

  opened(bidId: string): Opened {
    const row = this.raw('opened_bid').find(({ bid_id: id }) => id === bidId);
    const seal = (row?.['seal'] ?? undefined) as SealJson | undefined;
    return { seal, offer: this.#offers.get(bidId) };
  }

  terms(tenderId: string, version: number): { readonly title: string; readonly buyerId: string } | undefined {
    const row = this.raw('tender_version').find((one) => one['tender_id'] === tenderId && one['version'] === version);
    const content = row?.['content'] as { readonly title: string; readonly buyer: { readonly id: string } } | undefined;
    if (row === undefined || content === undefined || hashOf(content) !== cellOf(row['terms_sha256'])) return undefined;
    return { title: content.title, buyerId: content.buyer.id };
  }

  identity(vendorId: string, recordSha256: string): Row {
    const record = this.raw('vendor').find(({ id }) => id === vendorId)?.['record'] as Row | undefined;
    if (record === undefined || recordHash(record) !== recordSha256) return {};
    const names = ['name', 'country', 'identifier_scheme', 'identifier', 'address'] as const;
    return Object.fromEntries(names.map((name) => [name, record[name] ?? null]));
  }

  subject(entryId: string): Cell {
    return cellOf(this.raw('trail').find(({ id }) => id === entryId)?.['subject_id']);
  }

  /** The rows of a table in the audit's words. */
  rows(table: string): readonly Row[] {
    if (table === 'bid_part') return this.parts();
    if (table === 'announced_part') return this.announced();
    return this.raw(table).map((raw) => {
      const row = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, cellOf(value)]));
      return { ...row, ...attempt(() => this.told(table, raw, row)) };
    });
  }

  private told(table: string, raw: Raw, row: Row): Row {
    switch (table) {
      case 'account': {
        const { id, email, name } = row as Readonly<Record<string, string>>;
        const identity = identitySha256({ id: id!, email: email!, name: name! });
        return { 'email, name': identity, password_hash: credentialSha256(String(row['password_hash'])) };
      }
      case 'account_token':
        return { email: invitedSha256(String(row['id']), String(row['email'])) };
      case 'vendor':
      case 'vendor_draft':
        return { record: recordHash(raw['record'] as object) };
      case 'tender':
        return { rule_pack: packDocument(raw['rule_pack'] as RulePack).sha256 };
      case 'tender_version':
        return { content: hashOf(raw['content'] as object) };
      case 'tender_notice': {
        const body = raw['body'] as CanonicalObject;
        return { body: digest(canonicalBytes(body)), 'body (terms)': cellOf(body['terms_sha256']) };
      }
      case 'tender_return':
      case 'tender_publication':
        return { notice_id: this.noticeOf(row['notice_id']!) };
      case 'finding':
        return { [FINDING]: this.findingHash(row) };
      case 'evaluation':
        return {
          result: digest(bytesOf(raw['result'])),
          committee: canonicalize((raw['committee'] as string[]).toSorted()),
        };
      case 'erasure_request': {
        const entry = this.raw('trail').find(({ id }) => id === row['entry_id']);
        return { entry_id: row['entry_id'] === null ? null : cellOf(entry?.['commitment']) };
      }
      default:
        return this.toldOfBids(table, raw, row);
    }
  }

  private toldOfBids(table: string, raw: Raw, row: Row): Row {
    const box: Row = 'box_id' in row ? { box_id: this.boxOf(row['box_id']!) } : {};
    switch (table) {
      case 'bid':
        return {
          manifest_object: this.#manifests.get(String(row['id']))?.sha256 ?? UNREADABLE,
          ordinal: this.ordinalOf(raw),
        };
      case 'share':
        return { release_id: this.releaseOf(row['release_id']!)?.name ?? null, share: this.shareOf(raw, row) };
      case 'share_complaint':
        return { release_id: this.releaseOf(row['release_id']!)?.name ?? null };
      case 'document_scan':
        return { verdicts: hashOf({ verdicts: raw['verdicts'] }) };
      case 'seed_disclosure': {
        const manifest = this.#manifests.get(String(row['bid_id']))?.manifest;
        const holds = manifest !== undefined && isCommittedSeed(manifest, bytesOf(raw['seed']));
        return { seed: holds ? 'committed' : 'another' };
      }
      case 'opened_bid': {
        const { seal, seed_escrow: escrow } = raw as { readonly seal: SealJson | null; readonly seed_escrow: unknown };
        return {
          ...box,
          seal: seal === null ? null : this.sealOf(String(row['bid_id']), seal),
          seed_escrow: escrow === null ? null : digest(bytesOf(escrow)),
        };
      }
      default:
        return box;
    }
  }

  /** The root of the files of a payload's table of contents, whose other members are the manifest's. */
  private sealOf(bidId: string, seal: SealJson): Cell {
    const manifest = this.#manifests.get(bidId)?.manifest;
    const { v, ctx, context, files, nonce } = seal;
    const whole = canonicalize(seal) === canonicalize({ v, ctx, context, files, nonce });
    const same = ctx === manifest?.ctx && canonicalize(context) === canonicalize(manifest.context);
    return whole && same && Number(v) === 1 ? toBase64(plaintextRoot(seal)) : 'of another context';
  }

  private async keepManifest(bid: Raw, object: ReadObject): Promise<void> {
    const digestOf = bytesOf(bid['manifest_object']);
    const bytes = await object(contentKey(digestOf));
    if (bytes === undefined || digest(bytes) !== toBase64(digestOf)) return;
    try {
      const envelope = JSON.parse(new TextDecoder().decode(bytes)) as Envelope;
      // Whether a demonstration's tender may have it was for the admission to say.
      const { manifest, manifestSha256 } = openManifest(envelope, { demonstration: true }, verifyEd25519);
      this.#manifests.set(String(bid['id']), { manifest, sha256: toBase64(manifestSha256) });
    } catch {
      // The row's manifest_object is told as unreadable.
    }
  }

  private async keepOffer(opened: Raw, object: ReadObject): Promise<void> {
    const files = (opened['seal'] as SealJson | null)?.files;
    const form = Array.isArray(files) ? files.find(({ path }) => path === PRICE_FORM_PATH) : undefined;
    const bytes = form && (await object(contentKey(Buffer.from(form.sha256, 'base64'))));
    if (bytes === undefined || digest(bytes) !== form?.sha256) return;
    const offer = attempt(() => ({ offer: canonicalize(JSON.parse(new TextDecoder().decode(bytes))) }));
    if (offer['offer'] !== undefined) this.#offers.set(String(opened['bid_id']), offer['offer']);
  }

  private parts(): readonly Row[] {
    const bids = new Map<string, Raw[]>();
    for (const part of this.raw('bid_part')) {
      const id = String(part['bid_id']);
      bids.set(id, [...(bids.get(id) ?? []), part]);
    }
    return [...bids].map(([id, parts]) => {
      const ordered = parts.toSorted((a, b) => Number(a['position']) - Number(b['position']));
      const numbered = ordered.every(({ position }, i) => Number(position) === i);
      const root = toBase64(partRoot(ordered.map(({ sha256: part }) => bytesOf(part))));
      return { bid_id: id, [PARTS]: numbered ? root : 'not numbered from 0 on' };
    });
  }

  private announced(): readonly Row[] {
    const entries = new Map<string, Raw[]>();
    for (const part of this.raw('announced_part')) {
      const id = String(part['entry_id']);
      entries.set(id, [...(entries.get(id) ?? []), part]);
    }
    return [...entries].map(([entryId, parts]) => {
      const one = (name: string): Cell => [...new Set(parts.map((part) => String(cellOf(part[name]))))].join(' and ');
      const hashes = parts.map((part) => ({
        sha256: toBase64(bytesOf(part['sha256'])),
        sizeBytes: Number(part['size_bytes']),
      }));
      const cells = { tender_id: one('tender_id'), vendor_id: one('vendor_id'), announced_at: one('announced_at') };
      return { entry_id: entryId, ...cells, [ANNOUNCED]: partsSha256(hashes) };
    });
  }

  /** How many earlier versions the row has of the same vendor, lot and envelope: ids and instants do not order them. */
  private ordinalOf(bid: Raw): number {
    const same = ['vendor_id', 'lot_id', 'envelope'] as const;
    return this.raw('bid').filter(
      (one) => same.every((name) => one[name] === bid[name]) && Number(one['ordinal']) < Number(bid['ordinal']),
    ).length;
  }

  private boxOf(id: Cell): Cell {
    const box = this.raw('box').find((row) => row['id'] === id);
    return box === undefined ? `no box ${String(id)}` : boxName(box as Row);
  }

  private noticeOf(id: Cell): Cell {
    const notice = this.raw('tender_notice').find((row) => row['id'] === id);
    if (notice === undefined) return `no notice ${String(id)}`;
    return noticeName({ ...(notice as Row), submitted_at: cellOf(notice['submitted_at']) });
  }

  private releaseOf(id: Cell): { readonly name: string; readonly openerId: string } | undefined {
    const release = this.raw('share_release').find((row) => row['id'] === id);
    if (release === undefined) return undefined;
    const openerId = String(release['opener_id']);
    return { name: releaseName(String(this.boxOf(cellOf(release['box_id']))), openerId), openerId };
  }

  private shareOf(raw: Raw, row: Row): Cell {
    const manifest = this.#manifests.get(String(row['bid_id']))?.manifest;
    const opener = this.releaseOf(row['release_id']!)?.openerId;
    const chair = manifest === undefined || opener === undefined ? undefined : chairOf(manifest, opener);
    if (manifest === undefined || chair === undefined) return UNREADABLE;
    return isShareOf(manifest, { ...chair, share: bytesOf(raw['share']) }) ? 'committed' : 'another';
  }

  private findingHash(row: Row): Cell {
    const text = (name: string): Record<string, string> =>
      row[name] === null || row[name] === undefined ? {} : { [name]: String(row[name]) };
    return findingDocument({
      tenderId: String(row['tender_id']),
      lotId: String(row['lot_id']),
      bidId: String(row['bid_id']),
      evaluatorId: String(row['evaluator_id']),
      admitted: row['admitted'] === true,
      ...(row['criterion_id'] === null ? {} : { criterionId: String(row['criterion_id']) }),
      ...text('evidence'),
      ...(row['reason'] === null ? {} : { text: String(row['reason']) }),
    } as Parameters<typeof findingDocument>[0]).sha256;
  }
}

function selectOf(table: string): string {
  // A day has no instant: the driver would make one of it, in the server's own time zone.
  return table === 'vendor_document'
    ? 'SELECT *, expires_on::text AS expires_on FROM vendor_document'
    : `SELECT * FROM ${table}`;
}

/** A row that cannot be told differs in everything that would have been. */
function attempt(tell: () => Row): Row {
  try {
    return tell();
  } catch {
    return {};
  }
}

function digest(bytes: Uint8Array): string {
  return toBase64(sha256(bytes));
}

function hashOf(document: object): string {
  return freezeDocument(document).sha256;
}

function recordHash(record: object): string {
  return digest(canonicalBytes(record as CanonicalObject));
}
