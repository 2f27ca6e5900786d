/** The public log as a stranger reads it: through /log, like everybody. */
import { NotFoundException } from '@nestjs/common';
import { Problem } from '@segel/client';
import { sha256, toBase64, utf8Text } from '@segel/encoding';
import {
  notIndependentWitnesses,
  parseBundle,
  parseCheckpoint,
  parseLeaf,
  parseNote,
  parsePolicy,
  TILE_WIDTH,
  tilePath,
} from '@segel/tlog';

export type LogState = { readonly origin: string; readonly size: number; readonly root: string };
export type WitnessState = { readonly name: string; readonly independent: boolean };
/** A published leaf: in clear, or only the fingerprint of what it says. */
export type Leaf = { readonly sha256: string; readonly text?: string };

/** Where the log is, and the address of whom it is read for. */
export type Reader = { readonly api: URL; readonly client: string };

const TIMEOUT_MS = 15_000;

/** Reads a file of the log for somebody whose address the API counts requests by; undefined when it is not there. Throws
 *  when it cannot be had: "there is no log" must never stand for "too many requests". */
async function read({ api, client }: Reader, path: string): Promise<Uint8Array | undefined> {
  const headers = { 'x-forwarded-for': client };
  const response = await fetch(new URL(`/log/${path}`, api), { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  if (response.status === 404) return undefined;
  throw new Problem({ status: response.status, code: 'unknown', detail: `The log answered ${response.status}.` });
}

/** The newest public state of the log; undefined before its first. */
export async function readLog(reader: Reader): Promise<LogState | undefined> {
  const note = await read(reader, 'checkpoint');
  if (note === undefined) return undefined;
  const { origin, size, root } = parseCheckpoint(parseNote(utf8Text(note)).text);
  return { origin, size, root: toBase64(root) };
}

/** The file of witness rules; undefined before there is one. */
export async function readPolicy(reader: Reader): Promise<string | undefined> {
  const bytes = await read(reader, 'policy');
  return bytes === undefined ? undefined : utf8Text(bytes);
}

export async function readWitnesses(reader: Reader): Promise<readonly WitnessState[]> {
  const text = await readPolicy(reader);
  if (text === undefined) return [];
  const ours = notIndependentWitnesses(text);
  return parsePolicy(text).witnesses.map(({ name }) => ({ name, independent: !ours.includes(name) }));
}

/** One entry of the log. Throws NotFound beyond its public end. */
export async function readLeaf(reader: Reader, size: number, index: number): Promise<Leaf> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new NotFoundException();
  const n = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
  const bytes = await read(reader, tilePath({ level: 'entries', n, width }));
  if (bytes === undefined) throw new NotFoundException();
  const data = parseBundle(bytes, width)[index % TILE_WIDTH]!;
  const fingerprint = toBase64(sha256(data));
  const leaf = parseLeaf(data);
  return leaf.blinded ? { sha256: fingerprint } : { sha256: fingerprint, text: utf8Text(leaf.entryBytes) };
}
