/** The public log as a stranger reads it: through /log, like everybody. */
import { NotFoundException } from '@nestjs/common';
import { sha256, toBase64, utf8Text } from '@segel/encoding';
import {
  notIndependentWitnesses,
  parseBundle,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  TILE_WIDTH,
  tilePath,
} from '@segel/tlog';

export type LogState = { readonly origin: string; readonly size: number; readonly root: string };
export type WitnessState = { readonly name: string; readonly independent: boolean };
/** A published leaf: in clear, or only the fingerprint of what it says. */
export type Leaf = { readonly sha256: string; readonly text?: string };

const CLEAR = 2;

async function read(api: URL, path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(new URL(`/log/${path}`, api));
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** The newest public state of the log; undefined before its first. */
export async function readLog(api: URL): Promise<LogState | undefined> {
  const note = await read(api, 'checkpoint');
  if (note === undefined) return undefined;
  const { origin, size, root } = parseCheckpoint(parseNote(utf8Text(note)).text);
  return { origin, size, root: toBase64(root) };
}

export async function readWitnesses(api: URL): Promise<readonly WitnessState[]> {
  const bytes = await read(api, 'policy');
  if (bytes === undefined) return [];
  const text = utf8Text(bytes);
  const ours = notIndependentWitnesses(text);
  return parsePolicy(text).witnesses.map(({ name }) => ({ name, independent: !ours.includes(name) }));
}

/** One entry of the log. Throws NotFound beyond its public end. */
export async function readLeaf(api: URL, size: number, index: number): Promise<Leaf> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new NotFoundException();
  const n = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
  const bytes = await read(api, tilePath({ level: 'entries', n, width }));
  if (bytes === undefined) throw new NotFoundException();
  const data = parseBundle(bytes, width)[index % TILE_WIDTH]!;
  const fingerprint = toBase64(sha256(data));
  return data[0] === CLEAR ? { sha256: fingerprint, text: utf8Text(data.subarray(1)) } : { sha256: fingerprint };
}
