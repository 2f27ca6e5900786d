import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { utf8 } from '@segel/encoding';
import {
  clamdInstalled,
  EICAR,
  sayWhenMissing,
  startClamd,
  type RunningClamd,
} from '../../../../test/support/clamd.js';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  releaseShares,
  type BoxAnswer,
} from '../../../../test/support/opening-day.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, type SealedBid, type VendorUser } from '../../../../test/support/sealed-bid.js';

jest.setTimeout(120_000);
sayWhenMissing('scans of opened documents');

(clamdInstalled ? describe : describe.skip)('documents of an opened bid', () => {
  let daemon: RunningClamd;
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;
  let bid: SealedBid;
  beforeAll(async () => {
    daemon = await startClamd();
    harness = await startHarness({ CLAMD_ADDRESS: daemon.socket, CLAMD_MAX_BYTES: '100000' });
    tender = await publishTender(harness);
    vendor = await approvedVendor(harness);
    const files = [
      { path: 'invoice.pdf', bytes: utf8(EICAR) },
      { path: 'large.pdf', bytes: new Uint8Array(100_001) },
    ];
    bid = await sealAndSubmit(harness, tender, vendor, { files });
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    await releaseShares(harness, tender, box, [0, 1, 3, 4]);
  });
  afterEach(() => harness.verifyLog());
  afterAll(async () => {
    await harness.stop();
    await daemon.stop();
  });

  const read = async (position: number, query = ''): Promise<unknown[]> => {
    const route = `/api/tenders/${tender.tenderId}/bids/${bid.bidId}/documents/${position}${query}`;
    const { status, body, headers } = await harness.get<{ code?: string }>(route, vendor);
    return [status, body.code ?? headers.get('x-segel-scan')];
  };

  it('are scanned after the opening, and the log has the counts', async () => {
    expect(await entryBodies(harness, tender.tenderId, 'opening.documents_scanned')).toMatchObject([
      { bid_id: bid.bidId, clean: 2, infected: 1, unscannable: 1, engine: expect.stringMatching(/^ClamAV/) },
    ]);
  });

  it('are given with what is known of them; an infected one only to who asks for it knowing', async () => {
    expect(await read(0)).toEqual([200, 'clean']);
    expect(await read(3)).toEqual([200, 'unscannable']);
    expect(await read(2)).toEqual([409, 'document_quarantined']);
    expect(await entryBodies(harness, tender.tenderId, 'secret.read')).toEqual([]);
    expect(await read(2, '?infected=true')).toEqual([200, 'infected']);
    const subject = `${bid.bidId}/2`;
    const logged = await entryBodies(harness, tender.tenderId, 'secret.read');
    expect(logged).toEqual([{ what: 'infected bid document', subject }]);
  });
});
