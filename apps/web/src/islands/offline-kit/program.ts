/** The page of the offline kit: reads a kit file, shows the same form as the bid page, seals in a worker, and hands out
 *  two files. It runs from a disk, under a policy that allows no connection at all. */
import { CheckFailed, parseKitFile, termsOfKit, type KitFile } from '@segel/acts';
import { fromBase64 } from '@segel/encoding';
import { rulePack } from '@segel/procurement';
import { render } from 'preact';
import { bidFormOf } from '../../bidding/bid-form-of.js';
import type { BidForm } from '../../bidding/bid-form.js';
import { checkBid } from '../../bidding/checks.js';
import { Fields } from '../bid/fields.js';
import { ProgressPanel } from '../bid/progress.js';
import { part } from '../page-data.js';
import { MEMORY_BYTES } from '../sealing/memory.js';
import type { SavedBid } from '../sealing/offline-messages.js';
import { failures, program, reader, say } from './reader.js';
import { Saved } from './saved.js';
import { sealingWorker } from './sealing.js';
import { Start, Workspace, type KitFacts } from './views.js';

const page = part('page', HTMLElement);
const area = (id: string): HTMLElement => part(id, HTMLElement);
const stay = (event: BeforeUnloadEvent): void => event.preventDefault();

/** What a chosen kit says, or why it cannot be used. */
function factsOf(file: KitFile): KitFacts {
  const { kit, vendorId, terms } = file;
  if (vendorId === undefined) throw new CheckFailed('company', 'The kit names no company.');
  if (terms === undefined || kit.rulePackId === undefined) throw new CheckFailed('terms', 'The kit holds no terms.');
  const pack = rulePack(kit.rulePackId);
  return { file, vendorId, terms: termsOfKit(kit, fromBase64(terms)), pack, zone: pack.calendar.timeZone };
}

function start(): void {
  render(Start({ visitor: reader, limit: MEMORY_BYTES }), page);
  const field = part('kit-file', HTMLInputElement);
  field.addEventListener('change', () => {
    const wrong = area('kit-file-wrong');
    void field.files?.[0]
      ?.text()
      .then((text) => choose(factsOf(parseKitFile(text))))
      .catch((error: unknown) => {
        const code = error instanceof CheckFailed ? error.code : 'kit_file_malformed';
        const told = code === 'company' || code === 'terms' || code === 'kit_differs' ? code : 'kit_file_malformed';
        wrong.textContent = say(`kit.wrong.${told}`);
        wrong.hidden = false;
        field.focus();
      });
  });
}

/** With several lots the person says which; every lot is sealed for itself. */
function choose(facts: KitFacts): void {
  const { lots } = facts.file.kit;
  if (lots.length === 1) return fillIn(facts, lots[0]!.id);
  const list = area('lots');
  list.replaceChildren(
    ...lots.map(({ id, title }) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'button', textContent: `${say('kit.lot')}: ${title}` });
      button.addEventListener('click', () => fillIn(facts, id));
      return button;
    }),
  );
  list.querySelector('button')?.focus();
}

function fillIn(facts: KitFacts, lotId: string): void {
  const { file, terms, pack } = facts;
  const asked = { tenderId: file.kit.tenderId, terms, rulePackId: pack.id, rejectsAbove: pack.estimate.rejectAbove };
  const whole = bidFormOf(asked, lotId);
  const form: BidForm = { ...whole, maxBidBytes: Math.min(whole.maxBidBytes, MEMORY_BYTES) };
  render(null, page);
  render(Workspace({ visitor: reader, facts, form, late: new Date(file.kit.deadlineAt) < new Date() }), page);
  const fields = new Fields({ form, locale: reader.locale, accountId: '' }, say);
  const panel = new ProgressPanel({ locale: reader.locale, zone: facts.zone, failures }, say, false);
  area('send').addEventListener('click', () => void seal(facts, form, fields, panel));
  area('back').addEventListener('click', () => {
    panel.close();
    area('send').focus();
  });
  addEventListener('beforeunload', stay);
  document.title = `${file.kit.title} · ${say('kit.title')}`;
  area('tender').focus();
}

async function seal(facts: KitFacts, form: BidForm, fields: Fields, panel: ProgressPanel): Promise<void> {
  const { faults, offer } = checkBid(form, fields.filled(), reader.locale);
  const { keyFile, passphrase } = fields;
  if (fields.refuses(faults) || offer === undefined || keyFile === undefined || !isCompared()) return;
  panel.open(false);
  const worker = sealingWorker((event) => 'phase' in event && panel.show(event.phase, event.done, event.total));
  const { file, vendorId } = facts;
  const standing = file.standing?.find(({ lotId }) => lotId === form.lotId);
  try {
    const sealing = worker.ask('seal', {
      kitFile: file,
      client: program,
      lotId: form.lotId,
      vendorId,
      offer,
      files: offer.documents.map(({ slotId, path }) => ({ path, file: fields.file(slotId)! })),
      keyFile,
      passphrase,
      ...(file.keys === undefined ? {} : { keys: file.keys }),
      ...(standing === undefined ? {} : { replaces: standing.bidId, offerId: standing.offerId }),
    });
    hand(facts, await sealing.finally(() => fields.forgetPassphrase()));
  } catch (error) {
    panel.fail(error, false);
  } finally {
    // Keys and seeds were in its memory.
    worker.close();
  }
}

/** A forged kit has openers of its own: without the comparison nothing is sealed. */
function isCompared(): boolean {
  const box = part('compared', HTMLInputElement);
  const wrong = area('compared-wrong');
  // The fields' own marks are emptied at every press.
  wrong.textContent = say('kit.fingerprint.first');
  wrong.hidden = box.checked;
  if (!box.checked) box.focus();
  return box.checked;
}

/** A browser does not tell whether a file was saved: the person does, before the page may be closed unasked. */
function hand(facts: KitFacts, bid: SavedBid): void {
  const addresses = { bundle: URL.createObjectURL(bid.bundle), seed: URL.createObjectURL(bid.seedFile) };
  render(null, page);
  render(Saved({ visitor: reader, facts, bid, addresses }), page);
  const asked = new Set<string>();
  for (const id of ['save', 'save-seed']) area(id).addEventListener('click', () => asked.add(id));
  area('both-saved').addEventListener('click', () => {
    const both = asked.size === 2;
    if (both) removeEventListener('beforeunload', stay);
    area('saved-state').textContent = say(both ? 'kit.saved.done' : 'kit.saved.first');
  });
  area('again').addEventListener('click', () => location.reload());
  area('sealed').focus();
}

addEventListener('hashchange', () => location.reload());
start();
