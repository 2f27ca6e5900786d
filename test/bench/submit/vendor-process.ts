/** One vendor with one large bid, in a process of its own so that its memory is its own: the acts of `segel seal` and
 *  `segel submit`. Takes one message, the {@link VendorJob}; answers {@link VendorFigures}. */
import { fetchKit, promiseKeyOf } from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import { fromBase64 } from '@segel/encoding';
import { sealBid } from '../../../apps/cli/src/acts/seal.js';
import { signsWith, submitBid } from '../../../apps/cli/src/acts/submit.js';
import { ApiClient } from '../../../apps/cli/src/api-client.js';
import { openLog } from '../../../apps/cli/src/log-reader.js';
import { PASSPHRASE, WORK_FACTOR, zeros } from './bidders.js';

export type VendorJob = {
  readonly url: string;
  readonly tenderId: string;
  readonly token: string;
  readonly vendorId: string;
  /** Base64. */
  readonly secret: string;
  readonly payloadBytes: number;
  readonly folder: string;
};

export type VendorFigures = {
  readonly bidId: string;
  readonly ciphertextBytes: number;
  readonly sealMs: number;
  readonly submitMs: number;
  readonly peakMebibytes: number;
};

async function bid(job: VendorJob): Promise<VendorFigures> {
  const client = new ApiClient({ url: job.url, token: job.token });
  const policy = parsePolicy((await client.text('/log/policy'))!);
  const keys = { signingSecret: fromBase64(job.secret), openerIdentities: [] };
  const kit = await fetchKit(client, job.tenderId);
  const began = performance.now();
  const sealed = await sealBid({
    kit,
    lotId: kit.lots[0]!.id,
    vendorId: job.vendorId,
    keys,
    offer: { currency: 'EUR', answers: [], documents: [], prices: [], total: '0.00' },
    files: [zeros(job.payloadBytes)],
    outDir: job.folder,
    passphrase: PASSPHRASE,
    workFactor: WORK_FACTOR,
  });
  const sealedAt = performance.now();
  const promiseKey = await promiseKeyOf(await openLog(`${job.url}/log`, policy));
  await submitBid(client, { manifestFile: sealed.manifestFile, signs: signsWith(keys), policy, promiseKey });
  return {
    bidId: sealed.bidId,
    ciphertextBytes: sealed.manifest.ciphertext.size,
    sealMs: sealedAt - began,
    submitMs: performance.now() - sealedAt,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  };
}

process.once('message', (job) => {
  void bid(job as VendorJob).then((figures) => process.send?.(figures, () => process.disconnect()));
});
