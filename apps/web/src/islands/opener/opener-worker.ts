/** The worker of openers and auditors: the very code of the command line. Keys are in its memory for one act; what leaves
 *  is a signature, a registration, an answer to a challenge, or the opener's own shares of a box that the log freed. */
import {
  armored,
  askDrill,
  attestBox,
  check,
  dearmored,
  decryptKeyRing,
  encryptKeyRing,
  examineRelease,
  HttpApi,
  httpLogSource,
  openerKeyRegistration,
  proveReadiness,
  publicKeyOf,
  readLog,
  recipientOfIdentity,
  releaseShares,
  revokeOpenerKey,
  sameKeys,
  withFreshIdentity,
  withOpenerIdentity,
  type KeyRing,
  type LogReader,
  type ReleasePermission,
} from '@segel/acts';
import { uuidV7 } from '@segel/encoding';
import { parsePolicy } from '@segel/tlog';
import type { RequestOf } from '../worker-client.js';
import { pageHeaders, serve } from '../worker-side.js';
import type { Acts, Examined, OpenerEvent, Unlocked } from './messages.js';

const LOG_TIMEOUT_MS = 30_000;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const api = new HttpApi({
  url: self.location.origin,
  headers: pageHeaders,
  fetch: (...given) => fetch(...given),
  newId: () => uuidV7(Date.now(), random(10)),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
});

type Tell = (event: OpenerEvent) => void;
type Given<A extends keyof Acts> = Acts[A]['given'];

async function unlock({ keyFile, passphrase }: Unlocked, keys?: readonly string[]): Promise<KeyRing> {
  const ring = await decryptKeyRing(dearmored(new Uint8Array(await keyFile.arrayBuffer())), passphrase);
  const own = keys === undefined || keys.includes(publicKeyOf(ring));
  check(own, 'key_not_registered', 'The key of this file is not registered for you.');
  return ring;
}

async function openLog(policy: string): Promise<LogReader> {
  const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(LOG_TIMEOUT_MS) });
  return readLog(httpLogSource(api.address('/log'), get), parsePolicy(policy));
}

async function grow({ tenderId, suite, registered, recovery, ...given }: Given<'grow'>) {
  const keys = await unlock(given, given.keys);
  check(recovery !== given.passphrase, 'same_passphrase', 'The recovery file needs a passphrase of its own.');
  const isHeld = keys.openerIdentities.some(({ identity }) => recipientOfIdentity(identity) === registered);
  const grown = isHeld
    ? withOpenerIdentity(random, keys, tenderId, suite).keys
    : withFreshIdentity(random, keys, tenderId, suite);
  const keyFile = await encryptKeyRing(grown, given.passphrase, { random });
  const recoveryFile = armored(await encryptKeyRing(grown, recovery, { random }));
  return { keyFile: new Blob([Uint8Array.from(keyFile)]), recoveryFile: new Blob([recoveryFile]) };
}

async function prove({ recoveryFile, recovery, ...given }: Given<'prove'>) {
  const keys = await unlock(given, given.keys);
  const second = await unlock({ keyFile: recoveryFile, passphrase: recovery });
  // One file chosen twice would open with one passphrase: the copy must be one that a lost passphrase does not take along.
  check(recovery !== given.passphrase, 'same_passphrase', 'The recovery file needs a passphrase of its own.');
  check(sameKeys(keys, second), 'recovery_unproven', 'The two files do not hold the same keys.');
  return openerKeyRegistration(random, keys, given);
}

async function release(given: Given<'release'>) {
  const keys = await unlock(given, given.keys);
  const released = await releaseShares(api, keys, { ...given, log: await openLog(given.policy), now: new Date() });
  return { ...shown(released.bids, released.permission), complaints: released.complaints.length };
}

async function examine(given: Given<'examine'>): Promise<Examined> {
  const { set, permission } = await examineRelease(api, {
    ...given,
    log: await openLog(given.policy),
    now: new Date(),
  });
  return shown(set.bids.length, permission);
}

const shown = (bids: number, { attestationWaived, notIndependent }: ReleasePermission): Examined => ({
  bids,
  attestationWaived,
  notIndependent,
});

async function attest({ policy, keys, ...given }: Given<'attest'>, tell: Tell) {
  const ring = await unlock(given, keys);
  const progress = (done: number, total: number): void => tell({ done, total });
  const { count, opened } = await attestBox(api, ring, { ...given, log: await openLog(policy), progress });
  return { count, opened };
}

async function ready({ drill, ...given }: Given<'ready'>) {
  const keys = await unlock(given, given.keys);
  if (drill) await askDrill(api, given.tenderId);
  return { tenders: (await proveReadiness(api, keys, given.openerId)).length };
}

async function answer(request: RequestOf<Acts>, tell: Tell): Promise<Acts[keyof Acts]['result']> {
  switch (request.act) {
    case 'grow':
      return grow(request.given);
    case 'prove':
      return prove(request.given);
    case 'revoke':
      await revokeOpenerKey(api, await unlock(request.given, request.given.keys), request.given);
      return null;
    case 'ready':
      return ready(request.given);
    case 'examine':
      return examine(request.given);
    case 'release':
      return release(request.given);
    case 'attest':
      return attest(request.given, tell);
  }
}

serve<Acts, OpenerEvent>(answer);
