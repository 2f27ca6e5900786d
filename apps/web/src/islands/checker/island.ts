/** Checks proofs in the browser: a receipt or a promise that somebody holds, or an entry that the page shows. */
import type { Checker } from '../../auditing/checker.js';
import type { checking } from '../../words/id/auditing.js';
import { sayIn } from '../../words/translate.js';
import { knownLog } from '../bid/known-log.js';
import { dataOf, part } from '../page-data.js';
import { proofsClient } from '../proofs/proofs-client.js';
import type { Examination } from '../proofs/steps.js';
import { ActFailed } from '../worker-client.js';
import { clear, show, type Whose, type Words } from './show.js';

/** No receipt and no policy is longer. */
const FILE_MAX = 1_000_000;
const READING_MS = 3000;

const { locale, words, policy: served, entry } = dataOf<Checker>('checker');
const say = sayIn<typeof checking>(locale, words);
const client = proofsClient();
const log = `${location.origin}/log`;
const form = part('checker', HTMLFormElement);
const status = part('check-status', HTMLElement);

const chosen = (id: string): File | undefined => part(id, HTMLInputElement).files?.[0];

async function read(file: File): Promise<string> {
  if (file.size > FILE_MAX) throw new ActFailed({ name: 'CheckFailed', code: 'too_large', message: 'too large' });
  return file.text();
}

/** Whose word decides which witnesses count: of a file that the person brought, else this server's. */
async function policyOf(): Promise<{ readonly policy: string; readonly whose: Whose }> {
  const file = chosen('policy-file');
  if (file !== undefined) return { policy: await read(file), whose: { by: 'file', name: file.name } };
  const known = knownLog();
  if (known !== undefined && known.policy !== served) return { policy: served, whose: { by: 'changed', name: '' } };
  return { policy: served, whose: { by: 'server', name: '' } };
}

async function examine(policy: string): Promise<Examination | undefined> {
  if (entry !== undefined) {
    const document = part('document-hash', HTMLInputElement).value.replace(/\s/g, '');
    const known = knownLog()?.checkpoint;
    return client.ask('entry', { ...entry, log, policy, document, ...(known === undefined ? {} : { known }) });
  }
  const file = chosen('receipt-file');
  const text = file === undefined ? part('receipt', HTMLTextAreaElement).value : await read(file);
  if (text.trim() === '') {
    status.textContent = say('checking.nothing');
    part('receipt', HTMLTextAreaElement).focus();
    return undefined;
  }
  if (text.trimStart().startsWith('{')) return client.ask('promise', { text, log, policy });
  return client.ask('receipt', { text, policy });
}

function fragment(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

async function run(): Promise<void> {
  clear();
  status.textContent = say('checking.busy');
  try {
    const { policy, whose } = await policyOf();
    const examination = await examine(policy);
    if (examination === undefined) return;
    const outcome = sayIn<Words>(locale, await client.ask('words', locale));
    status.textContent = '';
    show(examination, { say: outcome, locale, whose });
  } catch (error) {
    const key = `checking.failed.${error instanceof ActFailed ? error.code : ''}`;
    status.textContent = say(key in words ? (key as 'checking.failed.network') : 'checking.failed.other');
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run();
});
form.hidden = false;

if (entry === undefined) {
  // A pasted text and a chosen file are one question: the last one counts.
  part('receipt-file', HTMLInputElement).addEventListener('change', clear);
  part('receipt', HTMLTextAreaElement).addEventListener('input', () => {
    part('receipt-file', HTMLInputElement).value = '';
    clear();
  });
  let begun = false;
  const prepare = (): void => {
    if (begun) return;
    begun = true;
    const told = part('offline', HTMLElement);
    client.ask('words', locale).then(
      () => (told.textContent = say('checking.ready')),
      () => (told.textContent = say('checking.not_ready')),
    );
  };
  // The page is read first; then the program comes, and the line may be cut.
  form.addEventListener('focusin', prepare);
  setTimeout(prepare, READING_MS);
} else {
  const field = part('document-hash', HTMLInputElement);
  // What follows the # of an address is not sent to any server.
  field.value = fragment();
  if (field.value !== '')
    status.textContent = say(field.value === entry.shown ? 'checking.document.same' : 'checking.document.differs');
}
