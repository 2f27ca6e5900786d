/** Bids and boxes as the entries, and the manifests they are committed to, say they are. */
import { canonicalize, fromBase64, toBase64 } from '@segel/encoding';
import { validBids, type BidVersion, type EnvelopeKind, type Notice } from '@segel/procurement';
import type { Manifest } from '@segel/sealing';
import { setRoot } from '@segel/tlog';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type ExpectedRow, type Row } from './row-audit-rows.js';

export type Version = BidVersion & { readonly commitment: string };

/** The manifest that a bid's entry is committed to, when the store still holds it. */
export type ManifestOf = (bidId: string, manifestSha256: string) => Manifest | undefined;

export class ExpectedBids {
  readonly bid = new ExpectedTable('bid');
  /** One row a bid: its parts in order give the root of its ciphertext. */
  readonly part = new ExpectedTable('bid_part');
  /** One row an announcement: its parts, whoever sends them, give the hash in its entry. */
  readonly announced = new ExpectedTable('announced_part');
  readonly withdrawal = new ExpectedTable('bid_withdrawal');
  readonly reconfirmation = new ExpectedTable('bid_reconfirmation');
  readonly delivery = new ExpectedTable('bid_delivery');
  readonly voided = new ExpectedTable('bid_void');
  readonly box = new ExpectedTable('box');
  readonly boxed = new ExpectedTable('box_bid');
  readonly attestation = new ExpectedTable('box_attestation');
  /** The valid bids of each box, by its name. */
  readonly valid = new Map<string, readonly Version[]>();
  readonly #versions: Version[] = [];
  readonly #withdrawals: { readonly bidId: string; readonly index: number }[] = [];
  readonly #reconfirmations: { readonly bidId: string; readonly noticeSha256: string; readonly index: number }[] = [];
  readonly #notices = new Map<string, Notice[]>();

  constructor(private readonly manifestOf: ManifestOf) {}

  get tables(): readonly ExpectedTable[] {
    const { bid, part, announced, withdrawal, reconfirmation, delivery, voided, box, boxed, attestation } = this;
    return [bid, part, announced, withdrawal, reconfirmation, delivery, voided, box, boxed, attestation];
  }

  take(act: Act): void {
    const { type, tenderId, body } = act.entry;
    if (type === 'tender.published' || type === 'tender.addendum') {
      const notice = { noticeSha256: act.entrySha256, resealRequired: body['reseal_required'] === true };
      this.#notices.set(tenderId!, [...(this.#notices.get(tenderId!) ?? []), notice]);
    } else if (type === 'bid.submitted' || type === 'bid.replaced') this.submitted(act);
    else if (type === 'bid.upload_announced') this.uploadAnnounced(act);
    else if (type === 'bid.withdrawn') this.withdrawn(act);
    else if (type === 'bid.reconfirmed') this.reconfirmed(act);
    else if (type === 'bid.delivered') this.settled(act, this.delivery, 'delivered_at');
    else if (type === 'bid.voided') this.settled(act, this.voided, 'voided_at');
    else if (type === 'box.closed') this.closed(act);
    else if (type === 'box.attested') this.attested(act);
  }

  find(bidId: string): ExpectedRow | undefined {
    return this.bid.find({ id: bidId });
  }

  /** The manifest of a bid in the log. */
  manifest(bidId: string): Manifest | undefined {
    const sha256 = this.find(bidId)?.cells['manifest_sha256'];
    return typeof sha256 === 'string' ? this.manifestOf(bidId, sha256) : undefined;
  }

  byCommitment(commitment: string): string | undefined {
    return this.bid.rows.find(({ cells }) => cells['commitment'] === commitment)?.key['id'] as string | undefined;
  }

  private submitted({ entry, at, index, commitment, leafSha256 }: Act): void {
    const { bid_id: id, replaces, precommit, manifest_sha256: manifestSha256, ...rest } = entry.body as Row;
    const manifest = this.manifestOf(id as string, manifestSha256 as string);
    const version = {
      bidId: id as string,
      vendorId: rest['vendor_id'] as string,
      lotId: rest['lot_id'] as string,
      envelope: rest['envelope'] as EnvelopeKind,
      noticeSha256: rest['notice_sha256'] as string,
      index: index ?? Infinity,
      commitment: commitment!,
    };
    const earlier = this.#versions.filter((one) => place(one) === place(version)).length;
    this.#versions.push(version);
    this.bid.add(
      { id: id! },
      {
        ...rest,
        tender_id: entry.tenderId!,
        submitted_by: entry.actor.id,
        replaces: replaces ?? null,
        precommit: precommit ?? false,
        manifest_sha256: manifestSha256!,
        // The stored object is told by the manifest in it.
        manifest_object: manifestSha256!,
        commitment: commitment!,
        leaf_sha256: leafSha256,
        submitted_at: at,
        ordinal: earlier,
        ...(manifest === undefined ? {} : { recipient: manifest.recipient, size_bytes: manifest.ciphertext.size }),
      },
      index,
    );
    this.part.add({ bid_id: id! }, { [PARTS]: rest['ct_root']! }, index);
  }

  private uploadAnnounced({ entry, at, index }: Act): void {
    const { vendor_id: vendorId, parts_sha256: parts } = entry.body as Row;
    const cells = { tender_id: entry.tenderId!, vendor_id: vendorId!, announced_at: at, [ANNOUNCED]: parts! };
    this.announced.add({ entry_id: entry.id }, cells, index);
  }

  private withdrawn({ entry, at, index, commitment, leafSha256 }: Act): void {
    const bidId = entry.body['bid_id'] as string;
    this.#withdrawals.push({ bidId, index: index ?? Infinity });
    const cells = { commitment: commitment!, leaf_sha256: leafSha256, withdrawn_at: at };
    this.withdrawal.add({ bid_id: bidId }, cells, index);
  }

  private settled({ entry, at, index, commitment, leafSha256 }: Act, table: ExpectedTable, atColumn: string): void {
    const cells = { commitment: commitment!, leaf_sha256: leafSha256, [atColumn]: at };
    table.add({ bid_id: entry.body['bid_id'] as string }, cells, index);
  }

  private reconfirmed({ entry, at, index, commitment, leafSha256 }: Act): void {
    const { bid_id: bidId, notice_sha256: noticeSha256 } = entry.body as Row;
    this.#reconfirmations.push({
      bidId: bidId as string,
      noticeSha256: noticeSha256 as string,
      index: index ?? Infinity,
    });
    this.reconfirmation.add(
      { bid_id: bidId!, notice_sha256: noticeSha256! },
      { commitment: commitment!, leaf_sha256: leafSha256, reconfirmed_at: at },
      index,
    );
  }

  private closed({ entry, at, index, entrySha256, leafSha256 }: Act): void {
    const { lot_id: lotId, envelope, cut_size: cut, count, set_root: root } = entry.body as Row;
    this.box.add(
      { lot_id: lotId!, envelope: envelope! },
      {
        tender_id: entry.tenderId!,
        cut_size: cut!,
        count: count!,
        set_root: root!,
        entry_sha256: entrySha256,
        leaf_sha256: leafSha256,
        closed_at: at,
      },
      index,
    );
    const name = boxName({ lot_id: lotId!, envelope: envelope! });
    const inBox = ({ bidId }: { readonly bidId: string }): boolean => {
      const cells = this.find(bidId)?.cells;
      return cells?.['lot_id'] === lotId && cells?.['envelope'] === envelope;
    };
    const valid = validBids({
      versions: this.#versions.filter(inBox),
      withdrawals: this.#withdrawals.filter(inBox),
      reconfirmations: this.#reconfirmations.filter(inBox),
      notices: this.#notices.get(entry.tenderId!) ?? [],
      cutSize: cut as number,
    });
    const given = toBase64(setRoot(valid.map(({ commitment }) => fromBase64(commitment))));
    if (given !== root) throw new Error(`the bids in the log are not the set that entry ${index ?? 'queued'} froze`);
    this.valid.set(name, valid);
    for (const { bidId } of valid) this.boxed.add({ box_id: name, bid_id: bidId }, {}, index);
  }

  private attested({ entry, at, index }: Act): void {
    const [signature] = entry.bodySig!;
    this.attestation.add(
      { box_id: boxName(entry.body as Row), auditor_id: entry.actor.id },
      { body: canonicalize(entry.body), key: signature!.key, sig: signature!.sig, attested_at: at },
      index,
    );
  }
}

/** The columns that the root of a bid's ciphertext is over. */
export const PARTS = 'position, sha256';

/** The columns that an announcement's hash is over. */
export const ANNOUNCED = 'sha256, size_bytes';

/** A box by what entries name it with: the id of its row is in no entry. */
export function boxName(row: Row): string {
  return `${String(row['lot_id'])} ${String(row['envelope'])}`;
}

function place({ vendorId, lotId, envelope }: Version): string {
  return `${vendorId} ${lotId} ${envelope}`;
}
