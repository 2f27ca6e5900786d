/** Reads a closed box with everything the opening decides on: tender, notice, bids, manifests. */
import { compareBytes, toBase64, type CanonicalObject, type Envelope } from '@segel/encoding';
import {
  demand,
  openableAt,
  openingWindows,
  type EnvelopeKind,
  type LotState,
  type Precommit,
  type ReleaseGate,
} from '@segel/procurement';
import { openManifest, type Manifest } from '@segel/sealing';
import { examineCheckpoint, quorumWithin } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Bid } from '../bids/bid.entity.js';
import { Box } from '../bids/box.entity.js';
import { Database } from '../platform/database/database.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { Tender } from '../tenders/tender.entity.js';

/** What the latest published notice says about the opening. */
export type OpeningNotice = {
  readonly toleranceS: number;
  readonly precommit?: Precommit | undefined;
  readonly groups: readonly NoticeGroup[];
};
export type NoticeGroup = {
  readonly name: string;
  readonly k: number;
  /** `keyEntrySha256` in base64 pins the opener's key. */
  readonly openers: readonly { readonly openerId: string; readonly keyEntrySha256: string }[];
};

/** `bids` are sorted by commitment, bytewise: an order that says nothing about anybody. */
export type SealedBox = {
  readonly box: Box & { readonly envelope: EnvelopeKind };
  readonly tender: Tender & { readonly deadlineAt: Date };
  readonly notice: OpeningNotice;
  readonly bids: readonly Bid[];
};

export type BoxedManifest = { readonly envelope: Envelope; readonly manifest: Manifest };

type NoticeBody = {
  readonly tolerance_s: number;
  readonly groups: readonly {
    readonly name: string;
    readonly k: number;
    readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
  }[];
};

@Injectable()
export class SealedBoxes {
  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
  ) {}

  /** The box. Throws `not_found`, or `box_not_closed` while the tender still takes bids and has none. */
  async find(tenderId: string, boxId: string): Promise<SealedBox> {
    const { manager } = this.database;
    const tender = await manager.findOneBy(Tender, { id: tenderId });
    const box = await manager.findOneBy(Box, { id: boxId, tenderId });
    const open = tender?.state === 'tendering' || tender?.state === 'closing';
    demand(box !== null || !open, 'box_not_closed', 'The tender has no closed box yet.');
    demand(tender?.deadlineAt && box, 'not_found', 'There is no such box.');
    return {
      box: box as SealedBox['box'],
      tender: tender as SealedBox['tender'],
      notice: await this.notice(tenderId),
      bids: await this.bids(boxId),
    };
  }

  /** The box of a job, which knows its id only. */
  async ofId(boxId: string): Promise<SealedBox | undefined> {
    const box = await this.database.manager.findOneBy(Box, { id: boxId });
    return box === null ? undefined : this.find(box.tenderId, boxId);
  }

  /** The entry that submitted a bid, with its salt: an opener's client computes the commitment from them and so knows
   *  that the manifest it is shown is the one in the frozen set. */
  async opening(bid: Bid): Promise<{ readonly salt: string; readonly entryBytes: string }> {
    const [row] = await this.database.query<{ salt: Buffer; entry_bytes: Buffer }>(
      'SELECT salt, entry_bytes FROM tlog.opening WHERE commitment = $1',
      [bid.commitment],
    );
    if (row === undefined) throw new Error('the entry of a bid in a box has no readable form');
    return { salt: toBase64(row.salt), entryBytes: toBase64(row.entry_bytes) };
  }

  /** The entry that a committed bid's sealed files came, with its salt and place: an opener's client needs nobody's word
   *  for it. Undefined when there is none, or no place in the log yet. */
  async delivery(
    bid: Bid,
  ): Promise<{ readonly salt: string; readonly entryBytes: string; readonly index: number } | undefined> {
    const [row] = await this.database.query<{ salt: Buffer; entry_bytes: Buffer; idx: number }>(
      `SELECT o.salt, o.entry_bytes, e.idx FROM bid_delivery d JOIN tlog.opening o ON o.commitment = d.commitment
       JOIN tlog.entry e ON sha256(e.data) = d.leaf_sha256 WHERE d.bid_id = $1`,
      [bid.id],
    );
    return row && { salt: toBase64(row.salt), entryBytes: toBase64(row.entry_bytes), index: Number(row.idx) };
  }

  /** The latest published notice of a tender. Throws `not_found` before publication. */
  async notice(tenderId: string): Promise<OpeningNotice> {
    const [row] = await this.database.query<{ body: CanonicalObject & NoticeBody; precommit: Precommit | null }>(
      `SELECT n.body, v.content -> 'precommit' AS precommit FROM tender_publication p
       JOIN tender_notice n ON n.id = p.notice_id
       JOIN tender_version v ON v.tender_id = p.tender_id AND v.version = p.version
       WHERE p.tender_id = $1 ORDER BY p.version DESC LIMIT 1`,
      [tenderId],
    );
    demand(row, 'not_found', 'The tender has no notice.');
    const { tolerance_s: toleranceS, groups } = row.body;
    return {
      toleranceS,
      precommit: row.precommit ?? undefined,
      groups: groups.map(({ name, k, openers }) => ({
        name,
        k,
        openers: openers.map((o) => ({ openerId: o.opener_id, keyEntrySha256: o.key_entry_sha256 })),
      })),
    };
  }

  /** The signed manifest of a bid, from the object store, its signature checked again. */
  async manifest(bid: Bid, tender: Tender): Promise<BoxedManifest> {
    const bytes = await this.store.bytes(contentKey(bid.manifestObject));
    const envelope = JSON.parse(new TextDecoder().decode(bytes)) as Envelope;
    const { demonstration } = tender.rulePack;
    const { manifest, manifestSha256 } = openManifest(envelope, { demonstration }, verifyEd25519);
    if (toBase64(manifestSha256) !== toBase64(bid.manifestSha256)) {
      throw new Error(`the stored manifest of bid ${bid.id} is not the submitted one`);
    }
    return { envelope, manifest };
  }

  /** True when the first published checkpoint that covers the cut was cosigned by the quorum within the notice's
   *  tolerance after the deadline: not before, so the box did not close early; not after, so nothing was slipped in
   *  (protocol section 5). Openers' clients check the same from the log alone. */
  async witnessedInTime({ box, tender, notice }: SealedBox): Promise<boolean> {
    const [row] = await this.database.query<{ note: string }>(
      'SELECT note FROM tlog.public_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1',
      [box.cutSize],
    );
    if (row === undefined) return false;
    const { cosignatures } = examineCheckpoint(this.policy.policy, row.note, verifyEd25519);
    const deadlineS = tender.deadlineAt.getTime() / 1000;
    return quorumWithin(this.policy.policy, cosignatures, deadlineS, deadlineS + notice.toleranceS);
  }

  private async bids(boxId: string): Promise<readonly Bid[]> {
    const rows = await this.database.manager
      .createQueryBuilder(Bid, 'bid')
      .innerJoin('box_bid', 'member', 'member.bid_id = bid.id')
      .where('member.box_id = :boxId', { boxId })
      .getMany();
    return rows.sort((a, b) => compareBytes(a.commitment, b.commitment));
  }
}

/** How long openers, and then vendors, have; counted from when the box could be opened at the latest. */
export function windowsOf({ tender, notice }: Pick<SealedBox, 'tender' | 'notice'>): ReturnType<typeof openingWindows> {
  return openingWindows(openableAt(tender.deadlineAt, notice.precommit), tender.rulePack.calendar);
}

/** The group an opener sits in, as the notice pins it, or undefined. */
export function groupOf(notice: OpeningNotice, openerId: string): NoticeGroup | undefined {
  return notice.groups.find(({ openers }) => openers.some((opener) => opener.openerId === openerId));
}

/** What the box's gate is as the transaction sees it: under the tender's lock nothing of it changes. */
export async function gateOf(
  manager: EntityManager,
  { box, tender }: SealedBox,
): Promise<Omit<ReleaseGate, 'witnessedInTime'>> {
  const [row] = await manager.query<{ state: LotState; deadlineAt: Date; attestations: number; awaited: number }[]>(
    `SELECT l.state, t.deadline_at AS "deadlineAt", (SELECT count(*) FROM box_attestation a WHERE a.box_id = $1) AS attestations,
       (SELECT count(*) FROM box_bid m JOIN bid b ON b.id = m.bid_id WHERE m.box_id = $1 AND b.precommit
          AND NOT EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = b.id)
          AND NOT EXISTS (SELECT FROM bid_void v WHERE v.bid_id = b.id)) AS awaited
     FROM lot l JOIN tender t ON t.id = l.tender_id WHERE l.id = $2`,
    [box.id, box.lotId],
  );
  const { state, deadlineAt, attestations, awaited } = row!;
  return { lotState: state, deadlineAt, attestation: tender.rulePack.attestation, attestations, awaited };
}
