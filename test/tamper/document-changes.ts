/** Changes of the papers people hold: every line of a receipt and of a checkpoint, every field of a promise and of a
 *  manifest. Nobody is asked but the program that reads them. */
import { readFile } from 'node:fs/promises';
import { verifyBidReceipt } from '@segel/acts';
import { fromBase64, openEnvelope, toBase64, type Envelope } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import { parsePolicy, verifyCheckpoint } from '@segel/tlog';
import { verifyWithNode } from '../../apps/cli/src/primitives.js';
import type { Change, Named } from './change.js';
import type { Scene } from './scene.js';

/** Asks the reader of a changed paper; `said` collects why it refuses. */
export type Paper = Change & { readonly read: () => Named | undefined };

export async function documentChanges(scene: Scene): Promise<readonly Paper[]> {
  const [submission] = scene.bidding.submitted;
  const policy = parsePolicy(scene.policy);
  const receipt = await readFile(submission!.receiptFile, 'utf8');
  const { entry } = submission!.checked;
  const expected = { types: [entry.type], tenderId: scene.tenderId, body: entry.body };
  const promise = JSON.parse(await readFile(submission!.promiseFile, 'utf8')) as Envelope;
  const [genesis] = openEnvelope('promise', promise, verifyWithNode).keys;
  const rows = await scene.superuser.query<{ manifest_object: Buffer }>('SELECT manifest_object FROM bid LIMIT 1');
  const hex = rows[0]!.manifest_object.toString('hex');
  const manifest = await readFile(`${scene.objects}/objects/${hex.slice(0, 2)}/${hex.slice(2)}`, 'utf8');
  const checkpoint = await readFile(`${scene.objects}/log/checkpoint`, 'utf8');
  return [
    ...lines('receipt', receipt, (text) => void verifyBidReceipt(text, policy, expected, verifyWithNode)),
    ...lines('checkpoint', checkpoint, (text) => void verifyCheckpoint(policy, text, verifyWithNode)),
    ...fields('promise', promise, (envelope) => {
      const { keys } = openEnvelope('promise', envelope, verifyWithNode);
      if (keys[0] !== genesis) throw new Error('the promise is of another key than the log names');
    }),
    ...fields('manifest', JSON.parse(manifest) as Envelope, (envelope) => {
      openManifest(envelope, { demonstration: true }, verifyWithNode);
    }),
  ];
}

/** Every line: one character changed, the line dropped, said twice, moved behind the next. */
function lines(group: string, text: string, read: (text: string) => void): readonly Paper[] {
  const all = text.split('\n');
  return all.flatMap((line, i) => {
    if (line === '') return [];
    const put = (...replaced: readonly string[]): string =>
      [...all.slice(0, i), ...replaced, ...all.slice(i + 1)].join('\n');
    const next = all[i + 1];
    const swapped = [...all.slice(0, i), next ?? '', line, ...all.slice(i + 2)].join('\n');
    const what = `line ${i + 1} (${line.slice(0, 24)})`;
    return [
      paper(group, what, 'one character changed', () => read(put(altered(line)))),
      paper(group, what, 'line dropped', () => read(put())),
      paper(group, what, 'line doubled', () => read(put(line, line)), signatureOrder(line)),
      ...(next === undefined || next === line || next === ''
        ? []
        : [paper(group, what, 'lines swapped', () => read(swapped), signatureOrder(line, next))]),
    ];
  });
}

/** Why it does not matter how these lines stand, when all of them are signatures. */
function signatureOrder(...moved: readonly string[]): string | undefined {
  if (!moved.every((line) => line.startsWith('— '))) return undefined;
  return 'The order of signature lines says nothing, nor does a repeated one (C2SP signed-note).';
}

/** Every field of the signed document, its type and its signature. */
function fields(group: string, envelope: Envelope, read: (envelope: Envelope) => void): readonly Paper[] {
  const document = JSON.parse(Buffer.from(fromBase64(envelope.payload)).toString('utf8')) as object;
  const of = leaves(document).map((path) =>
    paper(group, path.join('.'), 'another value', () => {
      const changed = structuredClone(document);
      change(changed, path);
      read({ ...envelope, payload: toBase64(new Uint8Array(Buffer.from(JSON.stringify(changed)))) });
    }),
  );
  const [signature] = envelope.signatures;
  const signed = (part: object): Envelope => ({ ...envelope, signatures: [{ ...signature!, ...part }] });
  return [
    ...of,
    paper(group, 'payload_type', 'another value', () =>
      read({ ...envelope, payload_type: `${envelope.payload_type}x` }),
    ),
    paper(group, 'signature', 'another value', () => read(signed({ sig: altered(signature!.sig) }))),
    paper(group, 'key', 'another value', () => read(signed({ key: altered(signature!.key) }))),
    paper(group, 'signature', 'removed', () => read({ ...envelope, signatures: [] })),
  ];
}

function paper(group: string, what: string, how: string, read: () => void, reason?: string): Paper {
  return {
    ...(reason === undefined ? {} : { reason }),
    group,
    what,
    how,
    judges: ['receipt'],
    isPlace: () => true,
    apply: async () => async () => undefined,
    read: () => {
      try {
        read();
        return undefined;
      } catch (error) {
        return { by: 'receipt', code: 'refused', place: what, sentence: (error as Error).message };
      }
    },
  };
}

/** Paths of all values that are not objects or lists. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function change(document: object, path: readonly string[]): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document) as Record<string, unknown>;
  const name = path.at(-1)!;
  const value = parent[name];
  parent[name] = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : altered(String(value));
}

/** One character in the middle, replaced by another of its kind. */
function altered(text: string): string {
  const at = Math.floor(text.length / 2);
  const other = text[at] === 'A' ? 'B' : text[at] === '1' ? '2' : /\d/.test(text[at] ?? '') ? '1' : 'A';
  return text.slice(0, at) + other + text.slice(at + 1);
}
