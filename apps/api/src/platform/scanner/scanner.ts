/** Looking for malware in bytes that people will open. A port: what looks is a program of somebody else. */
import type { Readable } from 'node:stream';

/** `unscannable`: nobody looked at all of it, because it is too large or cannot be looked into. It is never `clean`. */
export type Verdict =
  | { readonly state: 'clean' }
  | { readonly state: 'infected'; readonly signature: string }
  | { readonly state: 'unscannable'; readonly reason: string };

export abstract class Scanner {
  /** False: there is no scanner, and nothing is ever said about any bytes. */
  abstract readonly configured: boolean;
  /** Which program with which signatures looked, for the record. Throws {@link ScannerUnavailable}. */
  abstract engine(): Promise<string>;
  /** The verdict on a stream of so many bytes. Throws {@link ScannerUnavailable}: then try again later. */
  abstract scan(bytes: Readable, sizeBytes: number): Promise<Verdict>;
}

/** The scanner did not answer, or not in a way that can be understood: no verdict. */
export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable';
}

/** Where no scanner is set. */
export class NoScanner extends Scanner {
  readonly configured = false;

  async engine(): Promise<string> {
    throw new ScannerUnavailable('no scanner is set');
  }

  async scan(): Promise<Verdict> {
    throw new ScannerUnavailable('no scanner is set');
  }
}
