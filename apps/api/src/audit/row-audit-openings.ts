/** Readiness, releases, shares and opened bids as the entries say they are. */
import { canonicalize, toBase64 } from '@segel/encoding';
import { chairOf, plaintextRoot, type SealJson } from '@segel/sealing';
import { boxName, type ExpectedBids } from './row-audit-bids.js';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type Cell, type Row } from './row-audit-rows.js';

/** What an opened bid's row holds beside its entry: the payload's table of contents and the offer form's bytes. */
export type Opened = { readonly seal: SealJson | undefined; readonly offer: Cell | undefined };
export type OpenedOf = (bidId: string) => Opened;

export class ExpectedOpenings {
  readonly challenge = new ExpectedTable('readiness_challenge');
  readonly proof = new ExpectedTable('readiness_proof');
  readonly release = new ExpectedTable('share_release');
  readonly share = new ExpectedTable('share');
  readonly complaint = new ExpectedTable('share_complaint');
  readonly disclosure = new ExpectedTable('seed_disclosure');
  readonly rejection = new ExpectedTable('share_rejection');
  readonly opening = new ExpectedTable('opening');
  readonly opened = new ExpectedTable('opened_bid');
  readonly document = new ExpectedTable('opened_document');
  readonly warning = new ExpectedTable('readiness_warning');
  readonly delay = new ExpectedTable('opening_delay');
  readonly scan = new ExpectedTable('document_scan');

  constructor(
    private readonly bids: ExpectedBids,
    private readonly openedOf: OpenedOf,
  ) {}

  get tables(): readonly ExpectedTable[] {
    const { challenge, proof, release, share, complaint, disclosure, opening, opened, document } = this;
    const later = [this.warning, this.delay, this.scan];
    return [
      challenge,
      proof,
      release,
      share,
      complaint,
      disclosure,
      this.rejection,
      opening,
      opened,
      document,
      ...later,
    ];
  }

  take(act: Act): void {
    const { entry, at, index } = act;
    const body = entry.body as Row;
    const type: string = entry.type;
    switch (type) {
      case 'opening.readiness':
        this.readiness(act);
        return;
      case 'opening.share_released':
        this.released(act);
        return;
      case 'opening.share_rejected':
        this.rejection.add(
          { box_id: boxName(body), opener_id: body['opener_id']!, rejected_at: at },
          { reason: body['reason']!, bid_id: this.bids.byCommitment(body['bid_commitment'] as string) ?? null },
          index,
        );
        return;
      case 'opening.seed_disclosed':
        this.disclosure.add(
          { bid_id: body['bid_id']! },
          { seed: 'committed', disclosed_by: entry.actor.id, disclosed_at: at },
          index,
        );
        return;
      case 'opening.authorised':
        this.opening.add(
          { box_id: boxName(body) },
          { authorised_at: at, completed_at: null, opened: null, rejected: null },
          index,
        );
        return;
      case 'opening.delayed':
        this.delay.add({ box_id: boxName(body) }, { noticed_at: at }, index);
        return;
      case 'opening.documents_scanned':
        this.scan.add(
          { bid_id: body['bid_id']! },
          { engine: body['engine']!, verdicts: body['verdicts_sha256']!, scanned_at: at },
          index,
        );
        return;
      case 'opening.completed':
        this.opening
          .find({ box_id: boxName(body) })
          ?.set({ completed_at: at, opened: body['opened']!, rejected: body['rejected']! }, index);
        return;
      case 'bid.opened':
        this.bidOpened(act);
        return;
      default:
    }
  }

  private readiness({ entry, at, index }: Act): void {
    const { opener_id: opener, challenge_id: id, stage, expected_sha256: expected } = entry.body as Row;
    if (stage === 'asked') {
      const cells = { tender_id: entry.tenderId!, opener_id: opener!, expected_sha256: expected!, asked_at: at };
      this.challenge.add({ id: id! }, cells, index);
    }
    if (stage === 'proved') this.proof.add({ challenge_id: id! }, { proved_at: at }, index);
    if (stage === 'missing') this.warning.add({ challenge_id: id! }, { warned_at: at }, index);
  }

  private released({ entry, at, index, leafSha256 }: Act): void {
    const { body } = entry;
    const [signature] = entry.bodySig!;
    const box = boxName(body as Row);
    const opener = body['opener_id'] as string;
    this.release.add(
      { box_id: box, opener_id: opener },
      {
        group_name: body['group'] as string,
        body: canonicalize(body),
        key: signature!.key,
        sig: signature!.sig,
        leaf_sha256: leafSha256,
        released_at: at,
      },
      index,
    );
    const complaints = (body['complaints'] as readonly string[] | undefined) ?? [];
    for (const { bidId, commitment } of this.bids.valid.get(box) ?? []) {
      const key = { release_id: releaseName(box, opener), bid_id: bidId };
      if (complaints.includes(commitment)) {
        this.complaint.add(key, {}, index);
        continue;
      }
      const manifest = this.bids.manifest(bidId);
      const x = manifest === undefined ? undefined : chairOf(manifest, opener)?.x;
      this.share.add(key, { share: 'committed', ...(x === undefined ? {} : { x }) }, index);
    }
  }

  private bidOpened({ entry, at, index, commitment, leafSha256 }: Act): void {
    const { bid_id: bidId, outcome, plaintext_root: root, detail, seed_escrow_sha256: escrow } = entry.body as Row;
    const { seal, offer } = this.openedOf(bidId as string);
    const holds = seal !== undefined && toBase64(plaintextRoot(seal)) === root;
    this.opened.add(
      { bid_id: bidId! },
      {
        box_id: boxName({
          lot_id: entry.body['lot_id'] as string,
          envelope: this.bids.find(bidId as string)?.cells['envelope'] as string,
        }),
        outcome: outcome!,
        plaintext_root: root ?? null,
        seal: root ?? null,
        commitment: commitment!,
        leaf_sha256: leafSha256,
        opened_at: at,
        ...(holds && offer !== undefined ? { offer } : {}),
        ...(root === undefined ? { offer: null } : {}),
        ...(escrow === undefined ? {} : { detail: detail ?? null, seed_escrow: escrow }),
      },
      index,
    );
    if (!holds) return;
    for (const [position, { path, size, sha256 }] of seal.files.entries())
      this.document.add({ bid_id: bidId!, position }, { path, sha256, size_bytes: size }, index);
  }
}

/** A release by what entries name it with. */
export function releaseName(box: string, openerId: string): string {
  return `${box} ${openerId}`;
}
