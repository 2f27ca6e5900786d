/** What a tender's file may be. A file that lies about its type is refused: browsers and virus checkers believe it. */
import { equalBytes } from '@segel/encoding';

const startsWith =
  (...signature: readonly number[]) =>
  (bytes: Uint8Array): boolean =>
    bytes.length > signature.length && equalBytes(bytes.subarray(0, signature.length), Uint8Array.from(signature));
const zip = startsWith(0x50, 0x4b, 0x03, 0x04);

function plainText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\u0000');
  } catch {
    return false;
  }
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

const LOOKS_LIKE: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  'application/pdf': startsWith(0x25, 0x50, 0x44, 0x46, 0x2d),
  'image/png': startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  'image/jpeg': startsWith(0xff, 0xd8, 0xff),
  'application/zip': zip,
  [`${OFFICE}.wordprocessingml.document`]: zip,
  [`${OFFICE}.spreadsheetml.sheet`]: zip,
  [`${OPEN_DOCUMENT}.text`]: zip,
  [`${OPEN_DOCUMENT}.spreadsheet`]: zip,
  'text/plain': plainText,
  'text/csv': plainText,
};

export const DOCUMENT_MEDIA_TYPES: readonly string[] = Object.keys(LOOKS_LIKE);

/** True when the bytes begin as files of the media type do; text must be UTF-8. */
export function looksLike(mediaType: string, bytes: Uint8Array): boolean {
  return bytes.length > 0 && (LOOKS_LIKE[mediaType]?.(bytes) ?? false);
}
