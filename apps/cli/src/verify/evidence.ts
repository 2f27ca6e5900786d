/** The evidence of a tender as the server discloses it, and the folder a copy of it is kept in. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Envelope } from '@segel/encoding';
import type { FileProof } from '@segel/sealing';
import { NetworkError } from '../problem.js';

/** An entry of the tender: clear ones are read in the log, of blinded ones the opening is given. Binary is base64;
 *  `leafSha256` is SHA-256 of the leaf's data. */
export type EvidenceEntry = { readonly index: number; readonly leafSha256: string; readonly type: string } & (
  { readonly clear: true } | { readonly clear?: never; readonly salt: string; readonly entryBytes: string }
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
  readonly undisclosed: { readonly blindedLeavesInPeriod: number };
};

const TIMEOUT_MS = 60_000;

/** Where the log of a server or of a saved folder is. */
export function logBase(base: string): string {
  return isUrl(base) ? `${base.replace(/\/+$/, '')}/log` : join(base, 'log');
}

/** The evidence of a tender, from a server (`https://host`) or a folder saved from one. Throws when nobody answers or
 *  what comes is not of the form. */
export async function loadEvidence(base: string, tenderId: string, get: typeof fetch = fetch): Promise<Evidence> {
  const text = isUrl(base)
    ? await download(`${base.replace(/\/+$/, '')}/api/tenders/${encodeURIComponent(tenderId)}/evidence`, get)
    : await readFile(join(base, 'evidence.json'), 'utf8');
  return parseEvidence(text, tenderId);
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

function isUrl(base: string): boolean {
  return /^https?:\/\//.test(base);
}

async function download(url: string, get: typeof fetch): Promise<string> {
  let response: Response;
  try {
    response = await get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new NetworkError(`${url} does not answer`, { cause: error });
  }
  if (!response.ok) throw new NetworkError(`${url} answers ${response.status}`);
  return response.text();
}
