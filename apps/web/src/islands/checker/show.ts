/** Shows what was checked: one sentence, what to do next, what weakens it, and every step folded. */
import type { verdicts } from '../../words/id/auditing.js';
import { formats } from '../../words/formats.js';
import type { Locale, Say } from '../../words/translate.js';
import { part } from '../page-data.js';
import type { Examination, Fact, Step } from '../proofs/steps.js';

export type Words = typeof verdicts;
/** Whose rules decided: this server's, those it has after a change, or a file's. */
export type Whose = { readonly by: 'server' | 'changed' | 'file'; readonly name: string };

const area = (id: string): HTMLElement => part(id, HTMLElement);

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** Until the next check, what was said before must not be taken for its outcome. */
export function clear(): void {
  area('checked').hidden = true;
  area('check-status').textContent = '';
}

export function show(
  { verdict, steps, doubts, entry }: Examination,
  { say, locale, whose }: { readonly say: Say<Words>; readonly locale: Locale; readonly whose: Whose },
): void {
  const head = area('verdict');
  head.textContent = say(`verdict.is.${verdict}`);
  area('verdict-box').className = `note verdict ${{ proven: 'ok', wrong: 'bad', open: 'warn' }[verdict]}`;
  const failed = steps.find(({ outcome }) => outcome === 'fails');
  const proven = verdict === 'proven' && steps.some(({ name }) => name === 'shown') ? 'entry_proven' : verdict;
  const next = failed === undefined ? say(`verdict.next.${proven}`) : say(`verdict.next.${failed.name}`);
  area('verdict-next').textContent = next;
  area('verdict-policy').textContent = say(`verdict.whose.${whose.by}`, { name: whose.name });
  const { moment } = formats(locale);
  const time = (instant: string): string => moment(instant, 'Asia/Jakarta');
  area('verdict-entry').textContent =
    entry === undefined || verdict === 'wrong'
      ? ''
      : say('verdict.entry', { type: entry.type, index: entry.index ?? '–', at: time(entry.at) });
  const warnings = doubts.map(({ code, names }) => element('li', say(`verdict.doubt.${code}`, { names })));
  area('doubts').replaceChildren(...warnings);
  area('doubts').hidden = warnings.length === 0;
  area('proof-steps').replaceChildren(
    ...steps.map((step) => stepOf(step, say, time)),
    ...(entry === undefined ? [] : [contentOf(entry.body, say)]),
  );
  area('checked').hidden = false;
  head.focus();
}

function stepOf({ name, outcome, facts, reason }: Step, say: Say<Words>, time: (at: string) => string): HTMLElement {
  const state = element('b', say(`verdict.outcome.${outcome}`));
  state.className = `tag ${{ holds: 'ok', fails: 'bad', unreached: 'plain' }[outcome]}`;
  const lines = facts.map((fact) => lineOf(fact, say, time));
  const list = element('dl', ...lines);
  list.className = 'sum';
  const details = element('details', element('summary', `${say(`verdict.step.${name}`)} `, state));
  if (reason !== undefined) details.append(element('p', say('verdict.reason', { reason })));
  if (lines.length > 0) details.append(list);
  details.open = outcome === 'fails';
  const item = element('li', details);
  item.dataset['step'] = name;
  item.dataset['outcome'] = outcome;
  return item;
}

function lineOf([name, value]: Fact, say: Say<Words>, time: (at: string) => string): HTMLElement {
  const isTime = name === 'at' || name === 'promised' || name === 'due';
  const shown = element('span', isTime ? time(value) : value);
  if (!isTime) shown.className = 'hash';
  return element('div', element('dt', say(`verdict.fact.${name}`)), element('dd', shown));
}

function contentOf(body: string, say: Say<Words>): HTMLElement {
  const text = element('pre', body);
  text.className = 'raw';
  text.tabIndex = 0;
  return element('li', element('details', element('summary', say('verdict.content')), text));
}
