/** Where a published log is read from, and the one over HTTP: a Segel server, a mirror, any static file server. */
import { concatBytes, utf8Text } from '@segel/encoding';
import { parseCheckpoint, parseNote, tilePath, TILE_WIDTH, type Tile } from '@segel/tlog';
import { NetworkError } from './failure.js';

/** The files of a C2SP tlog-tiles log, and beside them the checkpoints that were published before. */
export type LogSource = {
  readonly checkpoint: () => Promise<string>;
  /** The bytes of a tile or bundle; a fuller one may be given when the partial one is gone. */
  readonly tile: (tile: Tile) => Promise<Uint8Array>;
  /** The first published checkpoint of at least this size, or undefined when the source keeps none. */
  readonly firstCheckpoint: (size: number) => Promise<string | undefined>;
  /** True when the answer of `firstCheckpoint` is the log's own word that no other came before: of a Segel server, of a
   *  folder exported from one, and of any source that has one of this very size. A mirror, or a file server over one, may
   *  have gaps. */
  readonly knowsFirst: (size: number) => Promise<boolean>;
  /** Sizes of all kept checkpoints in order; undefined when the source cannot list them (HTTP). */
  readonly checkpointSizes: () => Promise<readonly number[] | undefined>;
  /** The policy that lies beside the log. Whoever trusts it trusts the log's operator. */
  readonly policy: () => Promise<string | undefined>;
};

/** What is needed of an answer to a GET; that of fetch fits. */
export type HttpAnswer = {
  readonly ok: boolean;
  readonly status: number;
  readonly body: {
    readonly getReader: () => {
      readonly read: () => Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      readonly cancel: () => Promise<void>;
    };
    readonly cancel: () => Promise<void>;
  } | null;
};

/** Asks an absolute address; gives up by itself when nothing comes. */
export type HttpGet = (url: string) => Promise<HttpAnswer>;

const MAX_NOTE_BYTES = 1_000_000;
/** A bundle of 256 entries of the greatest length. */
const MAX_TILE_BYTES = 256 * (2 + 0xffff);

/** Public checkpoints end intervals, and an interval fills the tree to a multiple of this. */
const INTERVAL_LEAVES = 8;
/** How many names a static server is asked for in search of one checkpoint: it cannot list them. */
const MAX_LOOKUPS = 4096;
const LOOKUPS_AT_ONCE = 16;

/** Tree size that a checkpoint note states; nothing is verified. */
export const statedSize = (note: string): number => parseCheckpoint(parseNote(note).text).size;

/** The log at an http(s) address without a slash at its end. A host's address alone may be a mirror or a Segel server,
 *  whose log is under `/log`. Every method throws NetworkError when there is no answer. */
export function httpLogSource(given: string, get: HttpGet): LogSource {
  const ask = async (url: string): Promise<HttpAnswer> => {
    try {
      return await get(url);
    } catch (error) {
      throw new NetworkError(`the log at ${given} does not answer`, { cause: error });
    }
  };
  // A mirror may lie at the root of its host; the address of a Segel server alone means its log.
  const findBase = async (): Promise<string> => {
    if (new URL(given).pathname !== '/') return given;
    const response = await ask(`${given}/checkpoint`);
    await response.body?.cancel();
    return response.ok ? given : `${given}/log`;
  };
  let base: Promise<string> | undefined;
  const bytes = async (path: string, limit: number): Promise<Uint8Array | undefined> => {
    const response = await ask(`${await (base ??= findBase())}/${path}`);
    if (response.ok) return boundedBody(response, path, limit);
    await response.body?.cancel();
    // A bucket that may not be listed answers 403 for what it does not have.
    if ([403, 404, 410].includes(response.status)) return undefined;
    throw new NetworkError(`the log answers ${response.status} to ${path}`);
  };
  const text = async (path: string): Promise<string | undefined> => {
    const found = await bytes(path, MAX_NOTE_BYTES);
    return found === undefined ? undefined : utf8Text(found);
  };
  const newest = async (): Promise<string> => {
    const note = await text('checkpoint');
    if (note === undefined) throw new NetworkError(`there is no published checkpoint at ${given}`);
    return note;
  };
  return {
    checkpoint: newest,
    async tile(tile) {
      for (const path of tilePaths(tile)) {
        const found = await bytes(path, MAX_TILE_BYTES);
        if (found !== undefined) return found;
      }
      throw new Error(`the log has no ${tilePath(tile)}`);
    },
    // A Segel server answers with the first of at least the size, a file server only with the one of this very name.
    firstCheckpoint: async (size) =>
      (await text(`checkpoints/${size}`)) ?? nextByName(size, statedSize(await newest()), text),
    // A file server has no file of this name, unless it is of this very size.
    knowsFirst: async (size) => (await text(`checkpoints/${size}`)) !== undefined,
    checkpointSizes: async () => undefined,
    policy: () => text('policy'),
  };
}

/** The bytes of an answer. Throws when there are more than the limit: a server must not fill the memory of who asks. */
export async function boundedBody(response: HttpAnswer, path: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read().catch((error: unknown) => {
      throw new NetworkError(`the log's answer to ${path} broke off`, { cause: error });
    });
    if (next?.value === undefined || next.done) return concatBytes(...chunks);
    length += next.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw new Error(`${path} is too large`);
    }
    chunks.push(next.value);
  }
}

/** The first checkpoint that a static server has under a name between the size and the newest one. */
async function nextByName(
  size: number,
  newest: number,
  read: (path: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const first = Math.ceil((size + 1) / INTERVAL_LEAVES) * INTERVAL_LEAVES;
  const last = Math.min(newest, first + (MAX_LOOKUPS - 1) * INTERVAL_LEAVES);
  for (let at = first; at <= last; at += LOOKUPS_AT_ONCE * INTERVAL_LEAVES) {
    const sizes = Array.from({ length: LOOKUPS_AT_ONCE }, (_, i) => at + i * INTERVAL_LEAVES);
    const notes = await Promise.all(sizes.filter((one) => one <= last).map((one) => read(`checkpoints/${one}`)));
    const found = notes.find((note) => note !== undefined);
    if (found !== undefined) return found;
  }
  return newest > size && newest % INTERVAL_LEAVES !== 0 ? read(`checkpoints/${newest}`) : undefined;
}

/** A partial tile, and the full one that may have taken its place (tlog-tiles lets partial ones be removed). */
export function tilePaths(tile: Tile): readonly string[] {
  const full = tilePath({ ...tile, width: TILE_WIDTH });
  return tile.width === TILE_WIDTH ? [full] : [tilePath(tile), full];
}
