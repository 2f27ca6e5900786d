/** Shamir's secret sharing over GF(2^8) mod x^8+x^4+x^3+x+1 (0x11b), byte by byte, from given coefficients.
 *  Multiplication has no tables and no branches on secret bytes. */
import { malformed } from './strict.js';

/** One point of the polynomial: y holds one byte for each byte of the secret. */
export type Point = { readonly x: number; readonly y: Uint8Array };

/** The points x = 1…n of the polynomials `secret + c1·x + c2·x² …`. `coefficients` are k−1 byte strings of the
 *  secret's length; zero bytes among them are fine, choosing others would bias the shares. */
export function shamirSplit(secret: Uint8Array, coefficients: readonly Uint8Array[], n: number): readonly Point[] {
  if (n < coefficients.length + 1 || n > 255) throw malformed('shares', 'are fewer than the threshold, or over 255');
  if (coefficients.some((c) => c.length !== secret.length)) throw malformed('coefficients', 'have a wrong length');
  return Array.from({ length: n }, (_, i) => ({ x: i + 1, y: evaluate(secret, coefficients, i + 1) }));
}

/** The secret at x = 0 of the polynomial through these points. Says nothing about wrong points: callers combine
 *  only shares whose commitment they checked. Throws when an x is zero or twice there, or lengths differ. */
export function shamirCombine(points: readonly Point[]): Uint8Array {
  const first = points[0];
  if (first === undefined) throw malformed('shares', 'are missing');
  if (points.some(({ x }) => !Number.isInteger(x) || x < 1 || x > 255))
    throw malformed('shares', 'have an x out of range');
  if (new Set(points.map(({ x }) => x)).size !== points.length) throw malformed('shares', 'have one x twice');
  if (points.some(({ y }) => y.length !== first.y.length)) throw malformed('shares', 'have different lengths');
  const secret = new Uint8Array(first.y.length);
  for (const { x, y } of points) {
    const weight = lagrangeAtZero(x, points);
    for (let b = 0; b < secret.length; b++) secret[b]! ^= multiply(y[b]!, weight);
  }
  return secret;
}

function evaluate(secret: Uint8Array, coefficients: readonly Uint8Array[], x: number): Uint8Array {
  return secret.map((constant, b) => {
    let y = 0;
    for (let i = coefficients.length - 1; i >= 0; i--) y = multiply(y ^ coefficients[i]![b]!, x);
    return y ^ constant;
  });
}

function lagrangeAtZero(x: number, points: readonly Point[]): number {
  let weight = 1;
  for (const other of points) if (other.x !== x) weight = multiply(weight, multiply(other.x, invert(other.x ^ x)));
  return weight;
}

/** a · b in GF(2^8). */
export function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    product ^= a & -((b >>> bit) & 1);
    a = (a << 1) ^ (0x11b & -((a >>> 7) & 1));
  }
  return product;
}

/** a^254, the inverse of a non-zero a. */
function invert(a: number): number {
  let result = 1;
  for (let exponent = 254, power = a; exponent > 0; exponent >>>= 1, power = multiply(power, power)) {
    if (exponent & 1) result = multiply(result, power);
  }
  return result;
}
