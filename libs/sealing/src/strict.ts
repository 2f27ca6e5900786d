/** Strict reading of documents whose unknown fields are refused (protocol section 2). */
import { fromBase64, isUuidV7, parseInstant, type Canonical, type CanonicalObject } from '@segel/encoding';
import { SealError } from './errors.js';

/** A refusal that names the member and never its value: the value may be secret or hostile. */
export function malformed(path: string, reason: string): SealError {
  return new SealError('malformed', `${path}: ${reason}`);
}

/** The members of an object that has all required keys and no key outside both lists. */
export function members<R extends string, O extends string = never>(
  value: Canonical | undefined,
  path: string,
  required: readonly R[],
  optional: readonly O[] = [],
): Readonly<Record<R, Canonical>> & Readonly<Partial<Record<O, Canonical>>> {
  // JSON has null, which the type leaves out and hostile input does not.
  if (typeof value !== 'object' || (value as unknown) === null || Array.isArray(value)) {
    throw malformed(path, 'is not an object');
  }
  const object = value as CanonicalObject;
  for (const key of required) if (!Object.hasOwn(object, key)) throw malformed(`${path}.${key}`, 'is missing');
  const known: readonly string[] = [...required, ...optional];
  for (const key of Object.keys(object)) if (!known.includes(key)) throw malformed(path, 'has an unknown field');
  return object as Record<R, Canonical> & Partial<Record<O, Canonical>>;
}

/** An array. */
export function list(value: Canonical, path: string): readonly Canonical[] {
  if (!Array.isArray(value)) throw malformed(path, 'is not a list');
  return value as readonly Canonical[];
}

/** Text that matches the pattern. */
export function text(value: Canonical, path: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(path, 'is not text of the expected form');
  return value;
}

/** One of the given words. */
export function word<W extends string>(value: Canonical, path: string, words: readonly W[]): W {
  const found = words.find((candidate) => candidate === value);
  if (found === undefined) throw malformed(path, `is none of ${words.join(', ')}`);
  return found;
}

/** An integer within the bounds, both included. */
export function integer(value: Canonical, path: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw malformed(path, `is not an integer from ${min} to ${max}`);
  }
  return value;
}

/** The version number 1. */
export function version1(value: Canonical, path: string): 1 {
  if (value !== 1) throw malformed(path, 'is not version 1');
  return 1;
}

/** A lower-case UUIDv7. */
export function uuid(value: Canonical, path: string): string {
  if (typeof value !== 'string' || !isUuidV7(value)) throw malformed(path, 'is not a UUIDv7');
  return value;
}

/** Padded base64 of exactly so many bytes; the text itself is returned. */
export function base64Of(value: Canonical, path: string, length: number): string {
  if (base64Bytes(value, path).length !== length) throw malformed(path, `is not base64 of ${length} bytes`);
  return value as string;
}

/** The bytes of padded base64. */
export function base64Bytes(value: Canonical, path: string): Uint8Array {
  if (typeof value !== 'string') throw malformed(path, 'is not base64');
  try {
    return fromBase64(value);
  } catch {
    throw malformed(path, 'is not base64');
  }
}

/** An instant in the one accepted form. */
export function instant(value: Canonical, path: string): string {
  try {
    parseInstant(value as string);
  } catch {
    throw malformed(path, 'is not an instant');
  }
  return value as string;
}

/** Exactly so many bytes of key material or randomness given by the caller. */
export function exactly(bytes: Uint8Array, length: number, name: string): Uint8Array {
  if (bytes.length !== length) throw malformed(name, `is not ${length} bytes`);
  return bytes;
}
