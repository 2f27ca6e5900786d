/** The vendor's way in when openers fail its bid: it discloses the seed, and only when the log shows that nothing can
 *  be changed by it any more: a server that asks earlier gets nothing. */
import { check, deadlineOf, entriesOf, type LogReader, mayRelease, rulesOf } from '@segel/acts';
import { toBase64 } from '@segel/encoding';
import { openingWindows, rulePack } from '@segel/procurement';
import { isCommittedSeed, openManifest, type KeptSeed } from '@segel/sealing';
import type { Envelope as DsseEnvelope } from '@segel/encoding';
import type { ApiClient } from '../api-client.js';
import { verifyWithNode } from '../primitives.js';

export type Disclosure = {
  readonly kept: KeptSeed;
  /** The manifest as it was sealed, from the vendor's own folder. */
  readonly envelope: DsseEnvelope;
  readonly log: LogReader;
  readonly now?: Date;
};

/** Sends the seed. Throws what {@link mayRelease} throws, `seed_differs` when it is not of this manifest, and
 *  `openers_have_time` while no opener complained and their time is not over. */
export async function discloseSeed(client: ApiClient, disclosure: Disclosure): Promise<void> {
  const { kept, envelope: signed, log, now = new Date() } = disclosure;
  const { manifest } = openManifest(signed, rulesOf({ rulePackId: 'demo/fast' }), verifyWithNode);
  const { tender_id: tenderId, lot_id: lotId, envelope, bid_id: bidId } = manifest.context;
  const same = kept.bidId === bidId && kept.tenderId === tenderId && isCommittedSeed(manifest, kept.seed);
  check(same, 'seed_differs', 'The seed is not the one this bid was sealed with.');
  const { tender, notice } = await mayRelease({ log, tenderId, lotId, envelope, now });
  const { calendar } = rulePack(notice.body.rule_pack.id);
  const { releaseEndAt } = openingWindows(new Date(deadlineOf(tender)), calendar);
  const complained = entriesOf(tender, 'opening.share_released').some(
    ({ entry }) => entry.body['lot_id'] === lotId && entry.body['complaints'] !== undefined,
  );
  const sentence = `No opener complained, and the openers have time until ${releaseEndAt.toISOString()}.`;
  check(complained || now >= releaseEndAt, 'openers_have_time', sentence);
  await client.post(`/api/tenders/${tenderId}/bids/${bidId}/seed`, { seed: toBase64(kept.seed) });
}
