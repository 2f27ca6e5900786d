/** Canonical JSON (RFC 8785) and the strict subset that the protocol hashes and signs (protocol section 2). */
import { utf8, utf8Text, equalBytes } from './bytes.js';

/** What a hashed document may hold: no null, no float, no undefined. */
export type Canonical = string | boolean | number | readonly Canonical[] | { readonly [key: string]: Canonical };
export type CanonicalObject = { readonly [key: string]: Canonical };

const KEY = /^[a-z0-9_]+$/;
const MAX_DEPTH = 64;

/** RFC 8785 text of any JSON value (null and floats included). Throws on what JSON has no word for. */
export function canonicalize(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('not a JSON number');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Error('string is not well-formed Unicode');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value === 'object') {
    const object = value as Record<string, unknown>;
    // The default order of strings is by UTF-16 code units, which is what RFC 8785 section 3.2.3 asks for.
    const keys = Object.keys(object).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalize(object[key])}`).join(',')}}`;
  }
  throw new Error(`${typeof value} has no JSON form`);
}

function assertSubset(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw new Error(`${path}: nested too deeply`);
  if (typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
      throw new Error(`${path}: only integers from 0 to 2^53-1 are allowed`);
    }
    return;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertSubset(value[i], `${path}[${i}]`, depth + 1);
    return;
  }
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw new Error(`${path}: not a plain object`);
    for (const [key, member] of Object.entries(value)) {
      if (!KEY.test(key) || key === '__proto__') throw new Error(`${path}: key ${JSON.stringify(key)} is not allowed`);
      assertSubset(member, `${path}.${key}`, depth + 1);
    }
    return;
  }
  throw new Error(`${path}: ${value === null ? 'null' : typeof value} is not allowed`);
}

/** Canonical bytes of a document of the subset. Throws naming the first member outside it. */
export function canonicalBytes(value: Canonical): Uint8Array {
  assertSubset(value, '$', 0);
  return utf8(canonicalize(value));
}

/** The document whose canonical bytes these are. Throws when `JCS(parse(b))` is not `b`: duplicate keys,
 *  white space, escapes, key order and number forms all show there. */
export function parseCanonical(bytes: Uint8Array): Canonical {
  const value = JSON.parse(utf8Text(bytes)) as Canonical;
  if (!equalBytes(canonicalBytes(value), bytes)) throw new Error('not in canonical form');
  return value;
}

/** {@link parseCanonical} for a document that must be an object. */
export function parseCanonicalObject(bytes: Uint8Array): CanonicalObject {
  const value = parseCanonical(bytes);
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('not a JSON object');
  return value as CanonicalObject;
}

function renameKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((member) => renameKeys(member, rename));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([key, member]) => [rename(key), renameKeys(member, rename)]));
}

/** A program's object as a document: camelCase keys become snake_case, dates become instants, null and
 *  undefined members are left out. The inverse of {@link fromDocument} where no key has a digit after `_`. */
export function toDocument(value: object): CanonicalObject {
  return renameKeys(value, (key) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)) as CanonicalObject;
}

/** A document as a program's object: snake_case keys become camelCase. Instants stay text. */
export function fromDocument<T>(document: Canonical): T {
  return renameKeys(document, (key) => key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase())) as T;
}
