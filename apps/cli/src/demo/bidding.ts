/** Companies seal and submit, one replaces, one withdraws, one comes late. */
import path from 'node:path';
import { ApiProblem, bidEntry, checkKit, fetchKit, promiseKeyOf, type OfferDraft, type SealingKit } from '@segel/acts';
import { fromBase64, openEnvelope, signDocument, toBase64, type Envelope } from '@segel/encoding';
import { decimal, fixed, slotsOfLot, sum, type Item, type TenderTerms } from '@segel/procurement';
import { parsePolicy } from '@segel/tlog';
import { withdrawBid } from '../acts/bid-changes.js';
import { sealBid, type SealedBid } from '../acts/seal.js';
import { checkParts, uploadFile } from '../acts/parts.js';
import { signsWith, submitBid, type Submission } from '../acts/submit.js';
import { openLog } from '../log-reader.js';
import { random } from '../primitives.js';
import { eventually } from './eventually.js';
import { company, PASSWORD, type Player, type Stage } from './cast.js';
import type { PublishedTender } from './publish.js';
import type { Troupe } from './stage.js';
import type { Timeline } from './timeline.js';

const MADE_UP = ['CV Maju Bersama', 'PT Karya Utama', 'UD Sejahtera'] as const;
/** Shares of the lot's estimate that made-up bidders ask: unequal, all under the estimate. */
const SHARES = ['0.93', '0.88', '0.97'] as const;
/** Low enough to be quick: the passphrase of the demonstration is public anyway. */
const WORK_FACTOR = 10;

export type LotBid = { readonly vendor: Player; readonly lotId: string; readonly amount: string };
export type Bidding = {
  readonly submitted: readonly Submission[];
  readonly bids: readonly LotBid[];
  readonly latecomer: () => Promise<void>;
};

/** A price for every item of the lot that adds up to the amount; lump sums where a unit price would not be exact. */
function pricesOf(
  terms: TenderTerms,
  lotId: string,
  amount: string,
  misstated: boolean,
): Pick<OfferDraft, 'prices' | 'total'> {
  const items = terms.items.filter((item) => item.lotId === lotId);
  const whole = decimal(amount);
  const each = decimal(fixed(whole.div(String(items.length)), 2));
  const totals = items.map((_, i) => (i > 0 ? each : whole.minus(each.times(String(items.length - 1)))));
  const slots = slotsOfLot(terms, lotId);
  const prices = items.map((item: Item, i) => {
    const slot = slots.find((candidate) => candidate.kind === 'price' && candidate.itemId === item.id);
    const quantity = decimal(item.quantity);
    const unit = totals[i]!.div(quantity);
    const exact = decimal(fixed(unit, 2)).times(quantity).eq(totals[i]!);
    const unitPrice = fixed(exact ? unit : totals[i]!, 2);
    // A slip of the pen: the line says one more than unit price times quantity, and is corrected in the evaluation.
    const stated = misstated && exact && i === 0 ? totals[i]!.plus('1') : totals[i]!;
    return {
      slotId: slot?.id ?? '',
      itemId: item.id,
      unitPrice,
      lineTotal: fixed(stated, 2),
      ...(exact ? {} : { lumpSum: true }),
    };
  });
  return { prices, total: fixed(sum(prices.map(({ lineTotal }) => decimal(lineTotal))), 2) };
}

function offerOf(terms: TenderTerms, lotId: string, amount: string, misstated: boolean): OfferDraft {
  const slots = slotsOfLot(terms, lotId);
  return {
    currency: terms.currency,
    answers: slots.filter(({ kind }) => kind === 'answer').map(({ id }) => ({ slotId: id, value: 'yes' })),
    documents: slots
      .filter(({ kind }) => kind === 'document')
      .map(({ id }, i) => ({ slotId: id, path: `documents/proposal-${i + 1}.pdf` })),
    ...pricesOf(terms, lotId, amount, misstated),
  };
}

/** A PDF of some megabytes, different for every bid. */
function proposal(bytes: number): Uint8Array {
  const head = Buffer.from('%PDF-1.4\n% Technical proposal\n');
  return new Uint8Array(Buffer.concat([head, random(bytes), Buffer.from('\n%%EOF\n')]));
}

class Bidder {
  constructor(
    readonly player: Player,
    private readonly kit: SealingKit,
    private readonly terms: TenderTerms,
    private readonly promiseKey: string,
    private readonly folder: string,
  ) {}

  async seal(
    lotId: string,
    amount: string,
    options: { replaces?: string; misstated?: boolean } = {},
  ): Promise<SealedBid> {
    const offer = offerOf(this.terms, lotId, amount, options.misstated === true);
    const content = proposal(1_000_000 + Math.floor(Number(random(2)[0]) * 8000));
    return sealBid({
      kit: this.kit,
      lotId,
      vendorId: this.player.vendorId ?? '',
      keys: this.player.keys,
      offer,
      files: offer.documents.map((document) => ({
        path: document.path,
        size: content.length,
        open: async function* () {
          yield content;
        },
      })),
      outDir: path.join(this.folder, this.player.vendorId ?? ''),
      passphrase: PASSWORD,
      workFactor: WORK_FACTOR,
      replaces: options.replaces,
    });
  }

  async submit(sealed: SealedBid): Promise<Submission> {
    const policy = parsePolicy(this.kit.policy);
    return submitBid(this.player.api, {
      manifestFile: sealed.manifestFile,
      signs: signsWith(this.player.keys),
      policy,
      promiseKey: this.promiseKey,
      rulePackId: this.kit.rulePackId,
    });
  }
}

/** Everything that happens before the deadline. */
export async function bid(
  stage: Stage,
  troupe: Troupe,
  tender: PublishedTender,
  folder: string,
  tell: Timeline,
): Promise<Bidding> {
  const { terms, id } = tender;
  const { kit, promiseKey } = await eventually('the notice in the log', async () => {
    const unchecked = await fetchKit(stage.api, id);
    const opened = await openLog(stage.api.url, parsePolicy(unchecked.policy));
    return { ...(await checkKit(unchecked, opened)), promiseKey: await promiseKeyOf(opened) };
  });
  tell.check(true, 'the sealing kit is the notice in the log, opener keys included');
  const bidder = async (name: string): Promise<Bidder> => {
    const identifier = `9120${[...Buffer.from(name)].reduce((n, byte) => (n * 31 + byte) % 1_000_000_000, 7)}`;
    return new Bidder(await company(stage, troupe.operators, name, identifier), kit, terms, promiseKey, folder);
  };
  const bids: LotBid[] = [];
  const submitted: Submission[] = [];
  for (const [lotIndex, lot] of terms.lots.entries()) {
    const own = tender.bids.filter(({ lotId }) => lotId === lot.id);
    const plan =
      own.length > 0
        ? own.map(({ tenderers, amount }) => [tenderers[0]?.name ?? 'Bidder', amount] as const)
        : madeUp(terms, lotIndex);
    for (const [i, [name, amount]] of plan.entries()) {
      const one = await bidder(name);
      const first = await one.submit(
        await one.seal(lot.id, i === 1 && own.length === 0 ? fixed(decimal(amount).times('1.02'), 2) : amount, {
          misstated: own.length === 0 && i === 0,
        }),
      );
      tell.step(
        'vendor',
        `${name}: sealed and submitted for lot ${lotIndex + 1}; receipt verified, entry ${first.checked.receipt.index}`,
      );
      const last = i === 1 && own.length === 0 ? await replace(one, lot.id, amount, first, tell) : first;
      submitted.push(last);
      bids.push({ vendor: one.player, lotId: lot.id, amount });
    }
  }
  await withdrawal(await bidder('PT Ragu Ragu'), tender, kit, tell);
  const late = await bidder('CV Terlambat');
  const send = await prepareLate(late, await late.seal(terms.lots[0]!.id, lowest(terms)), id);
  return { submitted, bids, latecomer: () => beLate(send, promiseKey, tell) };
}

function lowest(terms: TenderTerms): string {
  return fixed(decimal(terms.lots[0]?.estimate?.amount ?? terms.estimate?.amount ?? '1000').times('0.5'), 2);
}

function madeUp(terms: TenderTerms, lotIndex: number): readonly (readonly [string, string])[] {
  const estimate = decimal(terms.lots[lotIndex]?.estimate?.amount ?? terms.estimate?.amount ?? '1000');
  return MADE_UP.map((name, i) => [name, fixed(estimate.times(SHARES[i]!), 2)]);
}

async function replace(
  one: Bidder,
  lotId: string,
  amount: string,
  first: Submission,
  tell: Timeline,
): Promise<Submission> {
  const replaced = await one.submit(await one.seal(lotId, amount, { replaces: first.bidId }));
  tell.step('vendor', `${one.player.name.replace('Owner of ', '')}: replaced its bid; the former one is never opened`);
  return replaced;
}

async function withdrawal(one: Bidder, { id, terms }: PublishedTender, kit: SealingKit, tell: Timeline): Promise<void> {
  const sealed = await one.seal(terms.lots[0]!.id, lowest(terms));
  const { bidId, manifestSha256 } = await one.submit(sealed);
  const reference = {
    tenderId: id,
    lotId: terms.lots[0]!.id,
    envelope: 'single',
    bidId,
    vendorId: one.player.vendorId ?? '',
    manifestSha256,
  } as const;
  await withdrawBid(one.player.api, one.player.keys, reference, { policy: parsePolicy(kit.policy) });
  tell.step('vendor', 'PT Ragu Ragu: submitted, then withdrew; both receipts verified');
}

/** Its parts are there in time; the manifest is not. The refusal is signed by the server's promise key. */
async function prepareLate(
  one: Bidder,
  sealed: SealedBid,
  tenderId: string,
): Promise<() => Promise<ApiProblem | undefined>> {
  const { manifest, sealedFile, envelope } = sealed;
  const hashes = await checkParts(sealedFile, manifest);
  await uploadFile(one.player.api, { tenderId, path: sealedFile, hashes, size: manifest.ciphertext.size });
  const { types, body } = bidEntry(manifest, fromBase64(sealed.manifestSha256));
  const bodySig = signDocument(types[0]!, body, one.player.keys.signingSecret);
  const parts = hashes.map((hash) => toBase64(hash));
  return () =>
    one.player.api.post(`/api/tenders/${tenderId}/bids`, { manifest: envelope, parts, bodySig }).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ApiProblem) return error;
        throw error;
      },
    );
}

async function beLate(send: () => Promise<ApiProblem | undefined>, promiseKey: string, tell: Timeline): Promise<void> {
  const refused = await send();
  tell.check(refused?.code === 'bid_late', `a late bid is refused: ${refused?.code ?? 'it was accepted'}`);
  const refusal = openEnvelope('refusal', refused?.params?.['refusal'] as Envelope);
  tell.check(refusal.keys[0] === promiseKey, 'the refusal is signed by the key that the log’s first entry names');
}
