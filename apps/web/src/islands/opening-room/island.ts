/** Keeps the opening room up to date by asking for its few sentences again. Asking, not a stream: it gets through every
 *  proxy and bad line, an unchanged answer is a hundred bytes (ETag), nothing is held open for thousands of viewers, and
 *  what is shown is always the whole state, never a sum of messages of which one was lost. */
import type { roomIsland } from '../../words/id/opening.js';
import { sayIn, type Locale, type Translated } from '../../words/translate.js';
import { dataOf, part } from '../page-data.js';

type Words = typeof roomIsland;
/** By the id of the element. */
type State = {
  readonly parts: Readonly<Record<string, { readonly text: string; readonly tone?: string }>>;
  /** What there is to see: when it changes, the page itself is another one. */
  readonly shape: string;
  /** The state in one sentence, for who listens. */
  readonly say: string;
};
type Data = {
  readonly locale: Locale;
  readonly words: Translated<Words>;
  readonly address: string;
  readonly shape: string;
};

const EVERY_MS = 10_000;
const LONGEST_MS = 60_000;

const { locale, words, address, shape } = dataOf<Data>('opening-room');
const say = sayIn<Words>(locale, words);
const status = part('room-status', HTMLElement);
let wait = EVERY_MS;
let timer: number | undefined;

function tell(sentence: string): void {
  // The same sentence again would be read out again.
  if (status.textContent !== sentence) status.textContent = sentence;
}

function show(state: State): void {
  for (const [id, { text, tone }] of Object.entries(state.parts)) {
    const element = document.getElementById(id);
    if (element === null) continue;
    if (element.textContent !== text) element.textContent = text;
    if (tone !== undefined) element.className = `tag ${tone}`;
  }
  // The page is not turned under anybody's reading: a sentence says that there is more to see, and the link is there.
  tell(state.shape === shape ? state.say : say('room.changed'));
}

async function ask(): Promise<void> {
  timer = undefined;
  try {
    const answer = await fetch(address, { cache: 'no-cache', signal: AbortSignal.timeout(EVERY_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    show((await answer.json()) as State);
    wait = EVERY_MS;
  } catch {
    tell(say('room.away'));
    wait = Math.min(wait * 2, LONGEST_MS);
  }
  if (!document.hidden) timer = window.setTimeout(() => void ask(), wait);
}

document.addEventListener('visibilitychange', () => {
  window.clearTimeout(timer);
  if (!document.hidden) void ask();
});
timer = window.setTimeout(() => void ask(), wait);
