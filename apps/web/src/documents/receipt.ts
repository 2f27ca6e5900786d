/** The receipt of a bid, for its vendor. Before the opening nobody else knows that there is one. */
import type { Schemas } from '@segel/client';
import { toBase64, utf8Text } from '@segel/encoding';
import { notIndependentWitnesses, parsePolicy, verifyReceipt, type VerifiedReceipt } from '@segel/tlog';
import { mono, strong, type Block, type Document, type Words } from './blocks.js';
import { aboutTender, checkBlock, letter, lotTitle, type Edition } from './letter.js';

export type ReceiptFacts = {
  readonly tender: Schemas['TenderView'];
  readonly bid: Schemas['OwnBidView'];
  readonly vendorName: string;
  /** The tlog-proof. */
  readonly receipt: string;
  /** The log's policy of witnesses. */
  readonly policy: string;
};

/** The document. Throws when the receipt does not hold, or is another bid's: nothing is printed that was not checked. */
export function receiptDocument(edition: Edition, facts: ReceiptFacts): Document {
  const { t } = edition;
  const { bid, receipt, tender } = facts;
  const proof = verifyReceipt(receipt, parsePolicy(facts.policy));
  demandOf(proof, bid);
  const ours = notIndependentWitnesses(facts.policy);
  // Our own witnesses prove no date against us.
  const dated = proof.times.some(({ witness }) => !ours.includes(witness));
  const proves = ['1', dated ? '2' : '2.not', '3'] as const;
  const name = `${t('doc.file.receipt')}-${bid.id}.tlog-proof`;
  const at = bid.submittedAt;
  const blocks = [
    { kind: 'facts', lines: bidLines(edition, facts) } as const,
    { kind: 'facts', lines: logLines(edition, proof, ours, tender.rules.timeZone) } as const,
    { kind: 'heading', level: 2, text: t('doc.receipt.proves') } as const,
    ...proves.map((n): Block => ({ kind: 'text', text: t(`doc.receipt.proves.${n}`) })),
    checkBlock(edition, { index: proof.index, leafSha256: bid.leafSha256 }),
    ...keepBlocks(edition, bid, name),
  ];
  const attached = { name, text: receipt, words: t('doc.receipt.file') };
  return { ...letter(edition, { title: t('doc.receipt'), tender, at, blocks }), attached };
}

function demandOf({ entryBytes }: VerifiedReceipt, bid: Schemas['OwnBidView']): void {
  const { body } = JSON.parse(utf8Text(entryBytes)) as { body?: { bid_id?: string; manifest_sha256?: string } };
  if (body?.bid_id !== bid.id || body.manifest_sha256 !== bid.manifestSha256)
    throw new Error(`the receipt of bid ${bid.id} is about something else`);
}

type Lines = Extract<Block, { kind: 'facts' }>['lines'];

function bidLines(edition: Edition, { tender, bid, vendorName }: ReceiptFacts): Lines {
  const { t, f } = edition;
  return [
    ...aboutTender(edition, tender),
    [t('doc.lot'), lotTitle(tender, bid.lotId)],
    [t('doc.vendor'), strong(vendorName)],
    [t('doc.receipt.bid'), mono(bid.id)],
    [t('doc.receipt.at'), strong(f.moment(bid.submittedAt, tender.rules.timeZone))],
    [t('doc.receipt.size'), f.bytes(bid.sizeBytes)],
    [t('doc.receipt.manifest'), mono(bid.manifestSha256)],
  ];
}

function logLines({ t, f }: Edition, proof: VerifiedReceipt, ours: readonly string[], zone: string): Lines {
  const seen = proof.times.map(({ witness, time }): Words => {
    const line = `${witness}, ${f.short(new Date(time * 1000), zone)}`;
    return ours.includes(witness) ? `${line} (${t('check.dependent')})` : line;
  });
  return [
    [t('doc.receipt.index'), strong(String(proof.index))],
    [t('doc.receipt.log'), mono(proof.origin)],
    [t('doc.receipt.checkpoint'), [t('doc.receipt.size_root', { n: proof.size }), mono(toBase64(proof.root))]],
    [t('doc.receipt.witnesses'), seen.length === 0 ? t('doc.receipt.nobody') : seen.flat()],
  ];
}

function keepBlocks({ t, url }: Edition, bid: Schemas['OwnBidView'], file: string): readonly Block[] {
  const address = `${url}/api/tenders/${bid.tenderId}/bids/${bid.id}/receipt`;
  return [
    { kind: 'heading', level: 2, text: t('doc.receipt.keep') },
    { kind: 'text', text: t('doc.receipt.keep.t', { file, url: address }) },
    {
      kind: 'command',
      lead: t('doc.receipt.verify'),
      text: `npm run segel -- receipt verify ${file} --policy policy.txt`,
    },
  ];
}
