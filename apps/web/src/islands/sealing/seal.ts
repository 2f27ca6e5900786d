/** Sealing on the bid page: the kit is checked against the log first, and the sealed bid is kept to be sent. */
import {
  CheckFailed,
  checkKit,
  fetchKit,
  httpLogSource,
  isOldLog,
  promiseKeyOf,
  readLog,
  type SealingKit,
} from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import { ownIdentity } from './client-identity.js';
import type { Desk } from './desk.js';
import { demandContinued } from './known-log.js';
import type { LogTrust, SealRequest } from './messages.js';
import { sealUnder } from './seal-under.js';
import type { KeptBid } from './shelf.js';
import { unlock } from './unlock.js';

const LOG_TIMEOUT_MS = 30_000;

/** A bid that is kept, and the checkpoint of the log under which its kit was checked. */
export type KeptSeal = { readonly bid: KeptBid; readonly checkpoint: string };

/** Seals and keeps a bid. Throws the codes of checkKit, demandContinued, decryptKeyRing and sealUnder, and
 *  `key_not_registered`. Whatever it throws, nothing of the bid stays and nothing was sent. */
export async function seal(desk: Desk, request: SealRequest, bidId: string): Promise<KeptSeal> {
  const keys = await unlock(request);
  const { kit, promiseKey, checkpoint } = await checkedKit(desk, request);
  const client = await ownIdentity(desk.primitives.hash);
  return sealUnder(desk, { kit, keys, client }, { ...request, bidId }, async (sealed) => {
    const bid: KeptBid = { ...sealed, promiseKey };
    await desk.shelf.keep(bid);
    return { bid, checkpoint };
  });
}

/** The kit, after comparing it with the log: a server that put its own key into an opener's place ends here. */
export async function checkedKit(desk: Desk, request: LogTrust): Promise<CheckedUnderLog> {
  try {
    return await readKit(desk, request);
  } catch (error) {
    // What the libraries say of a log that does not hold is plain; bugs and the line have errors of their own.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new CheckFailed('log_invalid', `The log does not hold: ${error.message}.`, {}, { cause: error });
  }
}

export type CheckedUnderLog = {
  readonly kit: SealingKit;
  readonly quorumTime: number | undefined;
  readonly promiseKey: string;
  readonly checkpoint: string;
};

async function readKit(
  { api, primitives, tell }: Desk,
  { tenderId, policy, known }: LogTrust,
): Promise<CheckedUnderLog> {
  tell.progress('log', 0, 0);
  const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(LOG_TIMEOUT_MS) });
  const source = httpLogSource(api.address('/log'), get);
  const log = await readLog(source, parsePolicy(policy), { sha256: primitives.hash });
  if (known !== undefined) await demandContinued(log, known);
  const checked = await checkKit(await fetchKit(api, tenderId), log);
  const { kit, quorumTime } = checked;
  if (isOldLog(checked, new Date())) tell.warning('log_old');
  return { kit, quorumTime, promiseKey: await promiseKeyOf(log), checkpoint: log.note };
}
