/** What a vendor does: get the kit, seal, submit, keep and check receipts. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  isOldLog,
  check,
  CheckFailed,
  checkKit,
  fetchKit,
  kitFingerprint,
  type OfferDraft,
  promiseKeyOf,
  parseKitFile,
  termsOfKit,
  type KitFile,
} from '@segel/acts';
import { fromBase64, fromDocument, toBase64, type Canonical } from '@segel/encoding';
import { checkOffer, type TenderTerms } from '@segel/procurement';
import { openManifest } from '@segel/sealing';
import type { ApiClient } from '../api-client.js';
import { reconfirmBid, withdrawBid, type BidReference } from '../acts/bid-changes.js';
import { whoAmI } from '../acts/people.js';
import { fileSource, readSealedBid, sealBid } from '../acts/seal.js';
import { demandCarried, signsAs, unpackBid, type UnpackedBid } from '../acts/carry.js';
import { signsWith, submitBid } from '../acts/submit.js';
import { writePrivately } from '../home.js';
import { askPassphrase } from '../keys/passphrase.js';
import { size } from '../progress.js';
import { verifyWithNode } from '../primitives.js';
import { UsageError } from '../problem.js';
import { sayIndependence, type Command, type Context } from './command.js';
import { seconds } from './receipt.js';

export const kit: Command = {
  name: 'kit',
  summary: 'Get the sealing kit of a tender, check it against the log, keep it for sealing offline.',
  usage: 'TENDER [--out FILE] [--log URL|FOLDER]',
  examples: ['segel kit 0197… --out roof.kit.json --policy policy-from-the-gazette.txt'],
  options: { out: { type: 'string' }, log: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const { output } = context;
    const tenderId = context.argument(0, 'TENDER');
    const { client } = await context.server();
    const fetched = await fetchKit(client, tenderId);
    const checked = await checkKit(fetched, await context.log());
    const termsBytes = await client.bytes(`/api/tenders/${tenderId}/terms/${fetched.termsVersion}`);
    termsOfKit(checked.kit, termsBytes);
    const vendorId = client.signedIn ? (await whoAmI(client)).vendorId : undefined;
    const file: KitFile = {
      kit: checked.kit,
      checkedAt: new Date().toISOString(),
      terms: Buffer.from(termsBytes).toString('base64'),
      ...(typeof vendorId === 'string' ? { vendorId } : {}),
    };
    const out = context.option('out') ?? `${tenderId}.kit.json`;
    await writeFile(out, `${JSON.stringify(file, undefined, 2)}\n`);
    output.say(
      `${fetched.title}\nDeadline ${fetched.deadlineAt}. Notice at index ${checked.noticeIndex} of the log; every opener's key is the registered one.`,
    );
    for (const group of fetched.groups)
      output.say(`  ${group.name}: any ${group.k} of ${group.openers.length} openers`);
    if (fetched.precommit !== undefined)
      output.say(
        `  Sealed files may follow a bid until ${fetched.precommit.ciphertextDueAt}: segel submit --precommit`,
      );
    if (!checked.attestationRequired) output.say('  The rules let the opening happen without an auditor.');
    output.say(`Kit in ${out}. Its code: ${kitFingerprint(checked.kit)}`);
    output.say('Write the code down: it must be the same where the bid is sealed.');
    if (isOldLog(checked, new Date()))
      output.warn(
        'The log was last witnessed more than a quarter of an hour ago, by the clock of this computer: ask again before you seal; a server could hide what came since.',
      );
    sayIndependence(output, checked.notIndependent);
    output.result({ file: out, ...checked });
  },
};

const readKit = async (file: string): Promise<KitFile> => parseKitFile(await readFile(file, 'utf8'));

export const seal: Command = {
  name: 'seal',
  summary: 'Seal an offer and its documents. Works without a network; nothing is sent.',
  usage:
    '--kit FILE --offer FILE [--lot ID] [--files FOLDER] [--vendor ID] [--out FOLDER] [--replaces BID] [--code CODE]',
  examples: ['segel seal --kit roof.kit.json --offer offer.json --files documents --out sealed'],
  options: {
    kit: { type: 'string' },
    offer: { type: 'string' },
    lot: { type: 'string' },
    files: { type: 'string' },
    vendor: { type: 'string' },
    out: { type: 'string' },
    replaces: { type: 'string' },
    envelope: { type: 'string' },
    code: { type: 'string' },
  },
  async run(context) {
    const { output, env } = context;
    const kitFile = await readKit(context.required('kit'));
    const { kit: given } = kitFile;
    const terms = termsOf(kitFile);
    const code = kitFingerprint(given);
    output.say(
      `Code of the kit: ${code}. Where the kit was made it must have been the same: another one is a forgery.`,
    );
    const expected = context.option('code');
    check(expected === undefined || sameCode(expected, code), 'kit_differs', 'The kit has another code. Do not seal.');
    const lotId = context.option('lot') ?? (given.lots.length === 1 ? given.lots[0]!.id : undefined);
    if (lotId === undefined)
      throw new UsageError(`--lot is missing: ${given.lots.map(({ id, title }) => `${id} (${title})`).join(', ')}`);
    const vendorId = context.option('vendor') ?? kitFile.vendorId;
    if (vendorId === undefined)
      throw new UsageError('--vendor is missing: the kit was fetched without a vendor signed in');
    const offer = await readOffer(context.required('offer'));
    const files = await folderFiles(context.option('files'));
    sayFindings(context, { terms, tenderId: given.tenderId }, lotId, offer, files);
    const sealed = await sealBid({
      kit: given,
      lotId,
      envelope: (context.option('envelope') ?? 'single') as 'single',
      vendorId,
      keys: await context.keys(),
      offer,
      files,
      outDir: context.option('out') ?? 'sealed',
      passphrase: await askPassphrase('Passphrase for the seed of this bid', env),
      replaces: context.option('replaces'),
      onProgress: output.progress,
    });
    const { bidId, manifest, sealedFile, manifestFile, seedFile, manifestSha256 } = sealed;
    output.say(`Sealed bid ${bidId}: ${size(manifest.ciphertext.size)} in ${sealedFile}.`);
    output.say(
      `Keep ${seedFile}: it is your own way back into the bid. NOT SUBMITTED yet: segel submit ${manifestFile}`,
    );
    output.result({ bidId, sealedFile, manifestFile, seedFile, manifestSha256 });
  },
};

function termsOf({ kit: given, terms }: KitFile): TenderTerms {
  check(terms !== undefined, 'kit_file_malformed', 'The kit file holds no terms: make it again with segel kit.');
  return termsOfKit(given, fromBase64(terms));
}

const sameCode = (a: string, b: string): boolean => a.replace(/\W/g, '').toLowerCase() === b.replace(/\W/g, '');

/** An offer.json, with or without the ids that the sealing fills in. */
async function readOffer(file: string): Promise<OfferDraft> {
  const document = JSON.parse(await readFile(file, 'utf8')) as Canonical;
  const { currency, answers, documents, prices, total } = fromDocument<OfferDraft>(document);
  return { currency, answers, documents, prices, total };
}

async function folderFiles(folder: string | undefined): Promise<Awaited<ReturnType<typeof fileSource>>[]> {
  if (folder === undefined) return [];
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.toSorted().map((path) => fileSource(relative(folder, path).split(sep).join('/').normalize('NFC'), path)),
  );
}

function sayFindings(
  { output }: Context,
  { terms, tenderId }: { readonly terms: TenderTerms; readonly tenderId: string },
  lotId: string,
  offer: OfferDraft,
  files: readonly { readonly path: string; readonly size: number }[],
): void {
  const whole = { v: 1, tenderId, lotId, bidId: '', ...offer } as const;
  const listed = files.map(({ path, size: sizeBytes }) => ({ path, sizeBytes }));
  const findings = checkOffer(whole, terms, lotId, listed);
  for (const finding of findings) output.warn(`${finding.severity}: ${finding.path}: ${finding.sentence}`);
  if (findings.some(({ severity }) => severity === 'error'))
    throw new CheckFailed('offer_incomplete', 'The offer would be rejected as it is; nothing was sealed.');
}

export const submit: Command = {
  name: 'submit',
  summary: 'Send a sealed bid and verify its receipt. May be repeated: what arrived is not sent again.',
  usage: 'MANIFEST|BUNDLE [--kit FILE] [--precommit] [--old-log]',
  examples: [
    'segel submit 0197….bid.tar    # sealed by the offline kit; no key is needed here',
    'segel submit sealed/0197….manifest.json',
    'segel submit sealed/0197….manifest.json --precommit    # the signed bid first, its sealed file within the grace',
  ],
  options: { kit: { type: 'string' }, precommit: { type: 'boolean' }, 'old-log': { type: 'boolean' } },
  positionals: 1,
  async run(context) {
    const { output } = context;
    const kitFile = context.option('kit');
    const rulePackId = kitFile === undefined ? undefined : (await readKit(kitFile)).kit.rulePackId;
    const client = await context.client();
    const given = context.argument(0, 'MANIFEST');
    const carried = given.endsWith('.tar') ? await unpackBid(given) : undefined;
    const manifestFile = carried?.manifestFile ?? given;
    if (carried !== undefined) await demandBundle(context, client, carried);
    const submitted = await submitBid(client, {
      manifestFile,
      precommit: context.flag('precommit') || (await isLastMinute(context, client, manifestFile)),
      signs: carried === undefined ? signsWith(await context.keys()) : signsAs(carried.bid),
      policy: await context.policy(),
      promiseKey: await promiseKeyOf(await context.log()),
      rulePackId,
      onProgress: output.progress,
    });
    const { bidId, submittedAt, receiptFile, promiseFile, manifestSha256, checked } = submitted;
    const { index, quorumTime } = checked.receipt;
    output.say(`SUBMITTED: bid ${bidId}, recorded at ${submittedAt}.`);
    output.say(
      `Entry ${index} of ${checked.receipt.origin}, witnessed ${seconds(quorumTime)}. The receipt was verified here.`,
    );
    output.say(`Keep ${receiptFile}, ${promiseFile} and the sealed file.`);
    const { ciphertextDueAt, delivery } = submitted;
    if (delivery !== undefined)
      output.say(`DELIVERED: the sealed file came before ${ciphertextDueAt}. Keep ${delivery.receiptFile} too.`);
    sayIndependence(output, checked.notIndependent);
    const delivered = delivery && { ciphertextDueAt, deliveryReceiptFile: delivery.receiptFile };
    output.result({ bidId, submittedAt, manifestSha256, index, quorumTime, receiptFile, promiseFile, ...delivered });
  },
};

/** An old log is a server's way to hide a later notice with other openers: it takes a word of the person's. */
async function demandBundle(context: Context, client: ApiClient, carried: UnpackedBid): Promise<void> {
  try {
    await demandCarried(client, await context.log(), carried, { evenOld: context.flag('old-log') });
  } catch (error) {
    if (error instanceof CheckFailed && error.code === 'log_old')
      context.output.warn('Ask again later; with --old-log the bid is sent all the same.');
    throw error;
  }
}

/** So close to the deadline an upload may not end in time: where the terms allow it, the signed bid goes first. */
const LAST_MS = 10 * 60_000;

async function isLastMinute(context: Context, client: ApiClient, manifestFile: string): Promise<boolean> {
  const { envelope } = await readSealedBid(manifestFile);
  const { manifest } = openManifest(envelope, { demonstration: true }, verifyWithNode);
  const { deadlineAt, precommit } = await fetchKit(client, manifest.context.tender_id);
  if (precommit === undefined || Date.parse(deadlineAt) - Date.now() > LAST_MS) return false;
  context.output.say(
    `The deadline is near: your signed bid is sent first, its sealed file after it. That must be there by ${precommit.ciphertextDueAt}, or the bid is void.`,
  );
  return true;
}

async function reference(context: Context): Promise<{ readonly bid: BidReference; readonly base: string }> {
  const { envelope, base } = await readSealedBid(context.argument(0, 'MANIFEST'));
  const { manifest, manifestSha256 } = openManifest(envelope, { demonstration: true }, verifyWithNode);
  const { tender_id: tenderId, lot_id: lotId, envelope: kind, bid_id: bidId, vendor_id: vendorId } = manifest.context;
  return {
    bid: { tenderId, lotId, envelope: kind, bidId, vendorId, manifestSha256: toBase64(manifestSha256) },
    base,
  };
}

export const withdraw: Command = {
  name: 'withdraw',
  summary: 'Withdraw a submitted bid before the deadline.',
  usage: 'MANIFEST',
  examples: ['segel withdraw sealed/0197….manifest.json'],
  positionals: 1,
  async run(context) {
    const { bid, base } = await reference(context);
    const options = { policy: await context.policy() };
    const { receipt, checked } = await withdrawBid(await context.client(), await context.keys(), bid, options);
    const file = `${base}.withdrawal.tlog-proof`;
    await writePrivately(file, receipt);
    context.output.say(`WITHDRAWN: bid ${bid.bidId}, entry ${checked.receipt.index}. Receipt verified, in ${file}.`);
    sayIndependence(context.output, checked.notIndependent);
    context.output.result({ bidId: bid.bidId, index: checked.receipt.index, receiptFile: file });
  },
};

export const reconfirm: Command = {
  name: 'reconfirm',
  summary: 'Confirm a submitted bid under the latest notice, after an addendum.',
  usage: 'MANIFEST [--log URL|FOLDER]',
  examples: ['segel reconfirm sealed/0197….manifest.json'],
  options: { log: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const { bid, base } = await reference(context);
    const client = await context.client();
    const { kit: latest } = await checkKit(await fetchKit(client, bid.tenderId), await context.log());
    const options = { policy: await context.policy() };
    const { receipt, checked } = await reconfirmBid(client, await context.keys(), bid, latest.noticeSha256, options);
    const file = `${base}.reconfirmation.tlog-proof`;
    await writePrivately(file, receipt);
    context.output.say(`CONFIRMED: bid ${bid.bidId}, deadline ${latest.deadlineAt}. Receipt verified, in ${file}.`);
    sayIndependence(context.output, checked.notIndependent);
    context.output.result({ bidId: bid.bidId, index: checked.receipt.index, receiptFile: file });
  },
};
