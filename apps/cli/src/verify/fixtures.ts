/** The log of a whole tender made with real keys, real seals and a real log: it verifies clean, and each spec changes one
 *  thing. */
import { canonicalBytes, sha256, toBase64, utf8, type CanonicalObject } from '@segel/encoding';
import { ENTRY_TYPES } from '@segel/evidence';
import { bytesOf, SyntheticLog, type Draft as AnyDraft } from '../synthetic-log.js';

export { bytesOf, DEADLINE, idOf, keyOf, put } from '../synthetic-log.js';

/** The secret seed of somebody. */
export const secretOf = bytesOf;

/** An entry before it is signed; `signers` are names of people. */
export type Draft = AnyDraft & { readonly at: Date };

/** Where an entry came to stand. Hashes are base64. */
export type Placed = {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly commitment: string;
  readonly data: Uint8Array;
  readonly salt: Uint8Array;
};

/** Changes one entry by its name, or leaves it out. */
export type Alter = (name: string, draft: Draft) => Draft | undefined;

/** A log whose entries have names, blinded where their type is. */
export class FixtureLog extends SyntheticLog {
  constructor(private readonly alter: Alter) {
    super('log.example/verify');
  }

  get policySha256(): string {
    return toBase64(sha256(utf8(this.policy.text)));
  }

  /** Signs and appends an entry. One that is left out gets a place outside the log. */
  place(name: string, given: Draft): Placed {
    const altered = this.alter(name, given);
    const draft = altered ?? given;
    const made = this.make(draft, { name, blinded: ENTRY_TYPES[draft.type].form === 'blinded' });
    if (altered !== undefined) this.entries.push(made);
    const { index, entryBytes: bytes, data, sha256: hash, salt, commitment } = made;
    const hidden = { salt: salt ?? new Uint8Array(), commitment: toBase64(commitment ?? new Uint8Array()) };
    return { index, bytes, data, sha256: hash, ...hidden };
  }

  /** Publishes all there is at a time, and writes it with earlier checkpoints. */
  async writeAt(
    folder: string,
    at: Date,
    earlier: readonly { readonly size: number; readonly at: Date }[] = [],
  ): Promise<void> {
    for (const one of earlier) this.publish(one.at, one.size);
    this.publish(at);
    await this.write(folder);
  }
}

/** The canonical bytes of a document and their hash, base64. */
export function frozen(document: CanonicalObject): { readonly bytes: string; readonly sha256: string } {
  const bytes = canonicalBytes(document);
  return { bytes: toBase64(bytes), sha256: toBase64(sha256(bytes)) };
}
