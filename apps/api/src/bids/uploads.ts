/** The parts of sealed bids on their way here. One announcement, with an entry of its own, keeps room for all parts of a
 *  bid; the parts then come without the journal: an entry for each would show the size of bids in the log's growth. */
import { fromBase64, toBase64, toHex } from '@segel/encoding';
import { partsSha256 } from '@segel/evidence';
import { Refusal, admitPart, admitUpload, demand, type VendorStanding } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { drawerOf, type Staged } from '../platform/uploads/staging.js';
import { Tus, type TusAnswer } from '../platform/uploads/tus.js';
import { BidParts } from './bid-parts.js';
import { lockVendorsBids, namedParts, usedRoom, vendorOf } from './bid-rows.js';
import {
  FROM_PUBLISHED,
  STANDING,
  publishedAs,
  publishedTender,
  standingOf,
  vendorRow,
  vendorStanding,
  type PublishedTender,
  type Standing,
  type VendorRow,
} from './bid-window.js';
import { planSweep } from './upload-sweep.js';

/** Parts that one vendor may have begun and not finished in one tender: two at a time are sent, and a program that
 *  died leaves two behind. */
const UNFINISHED = 16;

type PartRow = Standing & VendorRow & { readonly size_bytes: number | null };

/** What one part ($3) of the vendor's ($2) bid for the tender ($1) may rest on: asked with each. */
const PART = {
  name: 'part',
  text: `
    SELECT ${STANDING}, ${vendorRow('$2')},
      (SELECT size_bytes FROM announced_part WHERE tender_id = $1 AND vendor_id = $2 AND sha256 = $3) AS size_bytes
    ${FROM_PUBLISHED}`,
};

type Part = { readonly sha256: string; readonly sizeBytes: number };
export type MissingPart = { readonly sha256: string; readonly stagedBytes: number };

@Injectable()
export class Uploads {
  constructor(
    private readonly tus: Tus,
    private readonly parts: BidParts,
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** Keeps room for the parts; returns those of which bytes are missing. Announcing a part again changes nothing. */
  async announce(actor: Actor, tenderId: string, parts: readonly Part[]): Promise<readonly MissingPart[]> {
    const vendorId = vendorOf(actor);
    if ((await notAnnounced(this.database.manager, vendorId, tenderId, parts)).length === 0)
      await this.demandAdmissionNow(actor, tenderId, parts.map(digestOf));
    else {
      await this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx) => {
        await this.admit(tx, actor, tenderId, parts);
        return null;
      });
    }
    return this.missing(vendorId, tenderId, parts);
  }

  /** One request of the tus protocol about a part that was announced. Others' uploads do not exist. */
  async transfer(actor: Actor, tenderId: string, sha256: Uint8Array, message: IncomingMessage): Promise<TusAnswer> {
    const vendorId = vendorOf(actor);
    const { method } = message;
    const [row] = await this.database.ask<PartRow>(PART, [tenderId, vendorId, Buffer.from(sha256)]);
    if (method === 'POST' || method === 'PATCH') {
      const window = await publishedAs(this.database.manager, tenderId, row);
      await this.demandAdmission(actor, window, vendorStanding(row!), [sha256]);
    }
    const sizeBytes = row?.size_bytes ?? undefined;
    if (method === 'POST') demand(sizeBytes, 'part_not_announced', 'Say first which parts you will send.');
    demand(sizeBytes, 'not_found', 'Nothing of this part has arrived.');
    const staged = { drawer: drawerOf(tenderId, vendorId), sha256, sizeBytes };
    const answer = (await this.takeWhole(staged, message)) ?? (await this.tus.handle(staged, message));
    if (answer.headers['upload-offset'] === String(sizeBytes)) failpoint('bid.part_stored');
    return answer;
  }

  private async admit(tx: Tx, actor: Actor, tenderId: string, parts: readonly Part[]): Promise<void> {
    const vendorId = vendorOf(actor);
    lockVendorsBids(tx, tenderId, vendorId);
    const [window, fresh, vendor, usedBytes] = await Promise.all([
      publishedTender(tx.manager, tenderId),
      notAnnounced(tx.manager, vendorId, tenderId, parts),
      standingOf(tx.manager, vendorId),
      usedRoom(tx.manager, { tenderId, vendorId }, []),
    ]);
    const { type } = admitUpload({
      window,
      vendor,
      owed: await this.areOwed(window, vendorId, parts.map(digestOf)),
      usedBytes,
      sizes: fresh.filter(({ isNew }) => isNew).map(({ sizeBytes }) => sizeBytes),
      now: tx.now,
    });
    const { entryId } = await tx.record({
      type,
      tenderId,
      subjectId: actor.id,
      body: {
        vendor_id: vendorId,
        count: fresh.length,
        size_bytes: fresh.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        parts_sha256: partsSha256(fresh),
      },
    });
    await tx.manager.query(
      `INSERT INTO announced_part (tender_id, vendor_id, sha256, size_bytes, entry_id, announced_at)
       SELECT $1, $2, sha256, size_bytes, $5, $6 FROM unnest($3::bytea[], $4::integer[]) AS part (sha256, size_bytes)`,
      [
        tenderId,
        vendorId,
        fresh.map((part) => Buffer.from(fromBase64(part.sha256))),
        fresh.map((part) => part.sizeBytes),
        entryId,
        tx.now,
      ],
    );
    await planSweep(tx, tenderId, window.deadlineAt);
  }

  private async missing(vendorId: string, tenderId: string, parts: readonly Part[]): Promise<readonly MissingPart[]> {
    const sizes = await this.parts.sizes(parts.map(({ sha256 }) => fromBase64(sha256)));
    const absent = parts.filter((_, i) => sizes[i] === undefined);
    const drawer = drawerOf(tenderId, vendorId);
    const staged = (part: Part): Promise<number> =>
      this.tus.staging.stagedBytes({ drawer, sha256: fromBase64(part.sha256), sizeBytes: part.sizeBytes });
    return Promise.all(absent.map(async (part) => ({ sha256: part.sha256, stagedBytes: await staged(part) })));
  }

  /** A part that is begun comes whole, or there must be room to stage it. */
  private async takeWhole(staged: Staged, message: IncomingMessage): Promise<TusAnswer | undefined> {
    if (message.method !== 'POST') return undefined;
    const length = message.headers['upload-length'];
    demand(length === String(staged.sizeBytes), 'request_malformed', 'Upload-Length is not the size announced.');
    const answer = await this.tus.takeWhole(staged, message);
    if (answer !== undefined) return answer;
    try {
      await this.demandBeginning(staged);
    } catch (error) {
      message.resume(); // What still comes of it must not hold up the line.
      throw error;
    }
    return undefined;
  }

  private async demandBeginning(staged: Staged): Promise<void> {
    const others = await this.tus.staging.othersStaged(staged);
    if (others < UNFINISHED) return;
    throw new Refusal('upload_quota', 'Too many parts are begun: finish or end some of them first.', {
      unfinished: UNFINISHED,
      part: toHex(staged.sha256),
    });
  }

  private async demandAdmissionNow(actor: Actor, tenderId: string, digests: readonly Uint8Array[]): Promise<void> {
    const { manager } = this.database;
    const window = await publishedTender(manager, tenderId);
    await this.demandAdmission(actor, window, await standingOf(manager, vendorOf(actor)), digests);
  }

  /** Sending is no act of the journal; its refusal leaves an entry all the same. */
  private async demandAdmission(
    actor: Actor,
    window: PublishedTender,
    vendor: VendorStanding,
    digests: readonly Uint8Array[],
  ): Promise<void> {
    const vendorId = vendorOf(actor);
    const owed = await this.areOwed(window, vendorId, digests);
    try {
      admitPart({ window, vendor, owed, now: this.clock.now() });
    } catch (refusal) {
      await this.journal.commit(actor, { on: 'none' }, () => Promise.reject(refusal as Error));
    }
  }

  /** True when bids that the vendor committed and did not deliver yet name all of these parts. */
  private async areOwed(
    { id, precommit }: PublishedTender,
    vendorId: string,
    digests: readonly Uint8Array[],
  ): Promise<boolean> {
    if (precommit === undefined) return false;
    const named = await this.database.query<{ sha256: Buffer }>(
      `SELECT DISTINCT p.sha256 FROM bid b JOIN bid_part p ON p.bid_id = b.id
       WHERE b.vendor_id = $1 AND b.tender_id = $2 AND b.precommit AND p.sha256 = ANY($3)
         AND NOT EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = b.id)`,
      [vendorId, id, digests.map((digest) => Buffer.from(digest))],
    );
    return named.length === new Set(digests.map(toBase64)).size;
  }
}

function digestOf({ sha256 }: Part): Uint8Array {
  return fromBase64(sha256);
}

/** Each of these parts once, without those announced before, and whether it takes no room yet: under the vendor's lock
 *  nobody else announces them. */
async function notAnnounced(
  manager: EntityManager,
  vendorId: string,
  tenderId: string,
  parts: readonly Part[],
): Promise<readonly (Part & { readonly isNew: boolean })[]> {
  const hashes = parts.map(({ sha256 }) => sha256);
  const named = new Map((await namedParts(manager, tenderId, vendorId, hashes)).map((part) => [part.sha256, part]));
  const fresh = new Map<string, Part & { readonly isNew: boolean }>();
  for (const { sha256, sizeBytes } of parts) {
    const before = named.get(sha256);
    const known = before?.sizeBytes ?? fresh.get(sha256)?.sizeBytes ?? sizeBytes;
    demand(known === sizeBytes, 'request_malformed', 'One part has two sizes.');
    if (before?.announced !== true) fresh.set(sha256, { sha256, sizeBytes, isNew: before === undefined });
  }
  return [...fresh.values()];
}
