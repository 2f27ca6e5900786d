/** The evidence of a tender as the server discloses it, and the folder a copy of it is kept in. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedBody, NetworkError } from '@segel/acts';
import type { Envelope } from '@segel/encoding';
import type { FileProof } from '@segel/sealing';
import { isUrl, logSource, readIfThere } from '../log-source.js';

/** An entry of the tender: clear ones are read in the log, of blinded ones the opening is given, unless it was erased.
 *  Binary is base64; `leafSha256` is SHA-256 of the leaf's data, `erasedBy` that of the entry that says so. */
export type EvidenceEntry = { readonly index: number; readonly leafSha256: string; readonly type: string } & (
  | { readonly clear?: boolean; readonly erased?: boolean; readonly erasedBy?: string; readonly salt?: never }
  | { readonly clear?: never; readonly salt: string; readonly entryBytes: string }
);

export type EvidenceManifest = { readonly bidId: string; readonly commitment: string; readonly envelope: Envelope };

/** A bid after its opening; the offer once prices are public. `bytes` are those of offer.json. */
export type EvidenceOpened = {
  readonly bidId: string;
  readonly commitment: string;
  readonly outcome: string;
  readonly plaintextRoot?: string;
  readonly offer?: { readonly bytes: string; readonly proof: FileProof };
};

export type EvidenceFinding = {
  readonly lotId: string;
  readonly bidId: string;
  readonly evaluatorId: string;
  readonly admitted: boolean;
  readonly criterionId?: string;
  readonly evidence?: string;
  readonly reason?: string;
};

/** A completed evaluation; the committee are the account ids whose findings counted. */
export type EvidenceResult = {
  readonly lotId: string;
  readonly sha256: string;
  readonly bytes: string;
  readonly committee: readonly string[];
};

/** Everything disclosed about one tender at its present stage. */
export type Evidence = {
  readonly v: 1;
  readonly tenderId: string;
  readonly logOrigin: string;
  readonly policy: string;
  readonly rulePack: string;
  readonly lots: readonly { readonly id: string; readonly state: string }[];
  readonly terms: readonly { readonly version: number; readonly sha256: string; readonly bytes: string }[];
  readonly entries: readonly EvidenceEntry[];
  readonly manifests: readonly EvidenceManifest[];
  readonly opened: readonly EvidenceOpened[];
  readonly findings: readonly EvidenceFinding[];
  readonly results: readonly EvidenceResult[];
  /** The probes behind each `outage.recorded`; absent when there was none. */
  readonly outages?: readonly { readonly sha256: string; readonly bytes: string }[];
  readonly undisclosed: { readonly blindedLeavesInPeriod: number };
};

const TIMEOUT_MS = 60_000;
const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

/** Where a tender is verified from: a server, a static file server or a folder (exported, or a mirror) that holds its
 *  evidence beside its log; or each given on its own. */
export type TenderPlace = {
  readonly base: string;
  readonly evidence?: string | undefined;
  readonly log?: string | undefined;
  readonly fetch?: typeof fetch;
  /** Evidence of more bytes is refused; 256 MiB unless told. */
  readonly maxEvidenceBytes?: number;
};

/** Where the log lies: below `log` of a server or an exported folder; a mirror folder is itself the log. */
export async function logBase({ base, log, fetch: get = fetch }: TenderPlace): Promise<string> {
  if (log !== undefined) return log;
  const below = isUrl(base) ? `${base.replace(/\/+$/, '')}/log` : join(base, 'log');
  const found = await logSource(below, get)
    .checkpoint()
    .catch((error: unknown) => error as Error);
  if (typeof found === 'string') return below;
  const beside = await logSource(base, get)
    .checkpoint()
    .catch(() => undefined);
  // Where there is neither, the reader shall hear of the place where it is expected.
  return beside === undefined ? below : base;
}

/** The evidence of a tender: of a server (`/api/tenders/<id>/evidence`), or the file `evidence.json` or
 *  `evidence/<id>.json` of a static server or a folder. Throws when there is none or it is not of the form. */
export async function loadEvidence(place: TenderPlace | string, tenderId: string): Promise<Evidence> {
  const from: TenderPlace = typeof place === 'string' ? { base: place } : place;
  const { base, evidence, fetch: get = fetch, maxEvidenceBytes: limit = MAX_EVIDENCE_BYTES } = from;
  if (evidence !== undefined) return parseEvidence(await readFile(evidence, 'utf8'), tenderId);
  const names = ['evidence.json', `evidence/${tenderId}.json`];
  const routes = isUrl(base) ? [`api/tenders/${encodeURIComponent(tenderId)}/evidence`, ...names] : names;
  for (const route of routes) {
    const place = isUrl(base) ? `${base.replace(/\/+$/, '')}/${route}` : join(base, route);
    const text = isUrl(base) ? await download(place, get, limit) : (await readIfThere(place))?.toString('utf8');
    if (text !== undefined) return parseEvidence(text, tenderId);
  }
  throw new Error(`there is no evidence of the tender at ${base}`);
}

const LISTS = ['lots', 'terms', 'entries', 'manifests', 'opened', 'findings', 'results'] as const;

/** Checks the outer form only: each check reads its own members and reports what is wrong with them. */
export function parseEvidence(text: string, tenderId: string): Evidence {
  const document = JSON.parse(text) as Partial<Evidence> | null;
  if (typeof document !== 'object' || document === null) throw new Error('the evidence is not a JSON object');
  if (document.v !== 1) throw new Error('the evidence is of an unknown version');
  if (document.tenderId !== tenderId) throw new Error('the evidence is of another tender');
  for (const name of LISTS) if (!Array.isArray(document[name])) throw new Error(`the evidence has no list ${name}`);
  return document as Evidence;
}

async function download(url: string, get: typeof fetch, limit: number): Promise<string | undefined> {
  let response: Response;
  try {
    response = await get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new NetworkError(`${url} does not answer`, { cause: error });
  }
  if (response.ok) return Buffer.from(await boundedBody(response, url, limit)).toString('utf8');
  await response.body?.cancel();
  if (response.status === 404 || response.status === 403) return undefined;
  throw new NetworkError(`${url} answers ${response.status}`);
}
