/** A closed box, before an opener or an auditor: the worker examines it against the log, and only then acts. */
import { sayIn, type Locale, type Translated } from '../../words/translate.js';
import type { openerIsland } from '../../words/id/opening.js';
import { failureWords, KeyInput, onSubmit } from '../key-input.js';
import type { Examined } from '../opener/messages.js';
import { openerClient } from '../opener/opener-client.js';
import { dataOf, part } from '../page-data.js';
import { ActFailed } from '../worker-client.js';

type Words = typeof openerIsland;
type Data = {
  readonly locale: Locale;
  readonly words: Translated<Words>;
  readonly failures: Readonly<Record<string, string>>;
  readonly formToken: string;
  readonly act: 'release' | 'attest';
  readonly tenderId: string;
  readonly boxId: string;
  readonly openerId: string;
  readonly keys: readonly string[];
  /** What must hold, in the order in which it is found out, with the codes of what does not. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  readonly here: string;
};

const data = dataOf<Data>('box-desk');
const { tenderId, boxId, openerId, keys, here, failures } = data;
const say = sayIn<Words>(data.locale, data.words);
const status = part('box-status', HTMLElement);
const client = openerClient(data.formToken, ({ done, total }) => {
  status.textContent = say('island.attesting', { done, total });
});
const form = part('box', HTMLFormElement);
const key = new KeyInput('box', openerId);

async function boxed(): Promise<{ readonly tenderId: string; readonly boxId: string; readonly policy: string }> {
  const own = part('policy', HTMLInputElement).files?.[0];
  // The server's own, for who has no other: it protects from less, and the page says so.
  const policy = own === undefined ? await (await fetch('/log/policy')).text() : await own.text();
  return { tenderId, boxId, policy };
}

/** Conditions before the one that failed hold, those after it were not looked at. */
function show(failed?: string): void {
  const names = Object.keys(data.conditions);
  const isOf = (name: string): boolean => failed !== undefined && data.conditions[name]?.includes(failed) === true;
  const at = failed === undefined ? names.length : names.findIndex(isOf);
  for (const [i, name] of names.entries()) {
    const tag = document.getElementById(`cond-${name}`);
    if (tag === null) continue;
    const state = at < 0 || i > at ? 'unknown' : i < at ? 'holds' : 'fails';
    tag.textContent = say(`island.${state}`);
    tag.className = `tag ${state === 'holds' ? 'ok' : state === 'fails' ? 'bad' : 'plain'}`;
  }
}

function remarks({ attestationWaived, notIndependent }: Examined): string {
  return [
    ...(attestationWaived ? [say('island.waived')] : []),
    ...(notIndependent ? [say('island.not_independent')] : []),
  ].join(' ');
}

async function examine(): Promise<void> {
  status.textContent = say('island.checking');
  try {
    const examined = await client.ask('examine', await boxed());
    show();
    status.textContent = [say('island.may', { bids: examined.bids }), remarks(examined)].join(' ').trim();
  } catch (error) {
    refuse(error);
  }
}

async function act(): Promise<void> {
  const typed = key.typed;
  if ('missing' in typed) {
    status.textContent = say(typed.missing);
    typed.field.focus();
    return;
  }
  status.textContent = say(data.act === 'release' ? 'island.checking' : 'island.busy');
  if (data.act === 'attest') {
    await client.ask('attest', { ...typed, ...(await boxed()), keys });
    return location.assign(`${here}?selesai=1`);
  }
  const { complaints } = await client.ask('release', { ...typed, ...(await boxed()), openerId, keys });
  location.assign(`${here}?selesai=${complaints > 0 ? 'keberatan' : '1'}`);
}

function refuse(error: unknown): void {
  // Only what this device found out itself says anything about the conditions; a refusal of the server says nothing.
  const found = error instanceof ActFailed && error.name === 'CheckFailed' ? error.code : 'failed';
  if (data.act === 'release') show(found);
  status.textContent = failureWords(failures, error);
  key.focus();
}

onSubmit(form, act, refuse);
if (data.act === 'release') void examine();
