import type { CanonicalObject, Signature } from '@segel/encoding';
import type { EntryTypeName } from '@segel/evidence';
import type { Refusal } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import type { Ask, Statement } from '../database/database.js';

/** What orders the act. Bid acts share the tender's lock, so that thousands may submit at once; what changes the
 *  tender takes it alone. `none` is for acts that touch nothing others decide on. */
export type Lock =
  | { readonly on: 'tender'; readonly id: string; readonly mode: 'shared' | 'exclusive' }
  | { readonly on: 'vendor' | 'account'; readonly id: string }
  | { readonly on: 'platform'; readonly id: string }
  | { readonly on: 'none' };

/** A notice to one account: in the application and by mail, in its language. */
export type Notice = {
  readonly accountId: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
};

/** The only thing that can write. It ends with the act. */
export type Tx = {
  readonly manager: EntityManager;
  /** The clock, read once, after the lock. */
  readonly now: Date;
  readonly newId: () => string;
  readonly ask: Ask;
  /** Writes with the act, or undoes it. Not waited for; a row that a unique constraint does not let in becomes the refusal. */
  write(statement: Statement, values: readonly unknown[], onDuplicate?: Refusal): void;
  /** Takes one more lock until the end of the act, alone unless told. Not waited for: whatever is asked after it, is asked
   *  under it. */
  lock(name: string, mode?: 'shared'): void;
  /** A job that runs after the commit, at least once, not before `runAt`. Jobs of one key replace each other. */
  enqueue(name: string, payload: object, options?: { readonly runAt?: Date; readonly key?: string }): Promise<void>;
  notify(notice: Notice): Promise<void>;
  /** Appends the act's entry, exactly once: an act without an entry does not commit. */
  record(entry: EntryDraft): Promise<Recorded>;
};

/** The entry an act ends with. */
export type EntryDraft = {
  readonly type: EntryTypeName;
  readonly tenderId?: string | undefined;
  readonly lotId?: string | undefined;
  /** Whom it is about, when that is not the actor: may read the entry at once. */
  readonly subjectId?: string | undefined;
  readonly body: CanonicalObject;
  readonly bodySig?: readonly Signature[] | undefined;
};

/** Where the entry of an act went. Binary values in base64. */
export type Recorded = {
  readonly entryId: string;
  readonly type: EntryTypeName;
  readonly at: string;
  readonly entrySha256: string;
  /** SHA-256 of the leaf's data: asks for the receipt. */
  readonly leafSha256: string;
  readonly commitment: string | null;
};

/** Decides and stores. What it returns must be plain JSON: a replay of the request returns it again. */
export type Decide<T> = (tx: Tx) => Promise<T>;

export type CommitOptions = {
  /** Called when the lock is asked for, to ask behind it for what the act decides on: one answer to wait for instead of
   *  two. The clock is read when the lock was answered, before these answers are looked at. */
  readonly prepare?: (tx: Pick<Tx, 'ask' | 'lock' | 'manager'>) => void;
  /** The entry that a refusal leaves instead of `refusal.recorded`; undefined leaves the latter. */
  readonly onRefusal?: (refusal: Refusal) => EntryDraft | undefined;
};
