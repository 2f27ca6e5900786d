/** Shapes of entry bodies: small, closed, readable as documentation. */
import { fromBase64, isUuidV7, parseInstant, type Canonical, type CanonicalObject } from '@segel/encoding';

export type Field =
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'word'; readonly oneOf: readonly string[] }
  | { readonly kind: 'id' | 'instant' | 'integer' | 'boolean' | 'decimal' }
  | { readonly kind: 'bytes'; readonly length: number }
  | { readonly kind: 'list'; readonly of: Field; readonly max: number }
  | { readonly kind: 'record'; readonly fields: Shape }
  | { readonly kind: 'optional'; readonly of: Field };
export type Shape = { readonly [name: string]: Field };

export const text = (max: number): Field => ({ kind: 'text', max });
export const word = (...oneOf: readonly string[]): Field => ({ kind: 'word', oneOf });
/** UUIDv7. */
export const id: Field = { kind: 'id' };
export const instant: Field = { kind: 'instant' };
/** 0 to 2^53-1. */
export const integer: Field = { kind: 'integer' };
export const boolean: Field = { kind: 'boolean' };
/** Decimal text, e.g. an amount of money. */
export const decimal: Field = { kind: 'decimal' };
/** Base64 of 32 bytes: a SHA-256, a root, a commitment. */
export const hash: Field = { kind: 'bytes', length: 32 };
/** Base64 of an Ed25519 public key. */
export const key: Field = { kind: 'bytes', length: 32 };
export const list = (of: Field, max: number): Field => ({ kind: 'list', of, max });
export const record = (fields: Shape): Field => ({ kind: 'record', fields });
export const optional = (of: Field): Field => ({ kind: 'optional', of });

function fail(path: string, what: string): never {
  throw new Error(`${path}: ${what}`);
}

function checkText(field: Field, value: string, path: string): void {
  if (field.kind === 'text' && (value.length === 0 || value.length > field.max))
    fail(path, `1 to ${field.max} characters`);
  if (field.kind === 'word' && !field.oneOf.includes(value)) fail(path, `one of ${field.oneOf.join(', ')}`);
  if (field.kind === 'id' && !isUuidV7(value)) fail(path, 'a UUIDv7');
  if (field.kind === 'decimal' && !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) fail(path, 'decimal text');
  if (field.kind === 'bytes' && fromBase64(value).length !== field.length)
    fail(path, `${field.length} bytes in base64`);
  if (field.kind === 'instant') parseInstant(value);
}

/** Throws naming the member that does not fit. `strict` also refuses members the shape does not know:
 *  writers are strict, readers ignore what a later version may add (protocol section 2). */
export function checkShape(
  fields: Shape,
  value: Canonical | undefined,
  path: string,
  strict: boolean,
): CanonicalObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'an object');
  const object = value as CanonicalObject;
  for (const [name, field] of Object.entries(fields)) checkField(field, object[name], `${path}.${name}`, strict);
  if (strict)
    for (const name of Object.keys(object)) if (!(name in fields)) fail(`${path}.${name}`, 'not a known member');
  return object;
}

function checkField(field: Field, value: Canonical | undefined, path: string, strict: boolean): void {
  if (field.kind === 'optional') {
    if (value !== undefined) checkField(field.of, value, path, strict);
    return;
  }
  if (value === undefined) fail(path, 'missing');
  if (field.kind === 'record') return void checkShape(field.fields, value, path, strict);
  if (field.kind === 'list') {
    if (!Array.isArray(value) || value.length > field.max) fail(path, `a list of at most ${field.max}`);
    for (const [i, member] of (value as readonly Canonical[]).entries())
      checkField(field.of, member, `${path}[${i}]`, strict);
    return;
  }
  if (field.kind === 'boolean') return typeof value === 'boolean' ? undefined : fail(path, 'true or false');
  if (field.kind === 'integer') return typeof value === 'number' ? undefined : fail(path, 'an integer');
  if (typeof value !== 'string') fail(path, 'text');
  checkText(field, value, path);
}
