/** How long a payload is made, so that its length says little (protocol section 3.6). */
export const MIN_PAYLOAD_BYTES = 256 * 1024;

/** Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files", 2019): rounds a length up so that it
 *  leaks O(log log n) bits and grows by at most 12 %. Lengths below 2 stay. */
export function padme(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new Error('padme takes a length in bytes');
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const step = 2 ** (exponent - floorLog2(exponent) - 1);
  return step < 1 ? length : Math.ceil(length / step) * step;
}

/** `max(256 KiB, Padmé(length))`. */
export function paddedLength(length: number): number {
  return Math.max(MIN_PAYLOAD_BYTES, padme(length));
}

/** Exact for every safe integer, where Math.log2 rounds. */
function floorLog2(value: number): number {
  let exponent = 0;
  while (2 ** (exponent + 1) <= value) exponent++;
  return exponent;
}
