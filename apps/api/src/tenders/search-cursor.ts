/** Where a page of a search ended: the place in the order, not the tender that stood there. That tender may leave the filter
 *  before the next page is asked for (it is cancelled, or closes), and what comes after it must be found all the same. */
import { demand } from '@segel/procurement';

export type SearchCursor = {
  /** What has closed is ordered otherwise than what has not: all pages of a search go by the instant of the first. */
  readonly asOf: Date;
  /** Of the order asked for, decimal. */
  readonly key: string;
  readonly id: string;
};

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PLACE = String.raw`(\d{1,14})~(-?\d{1,20}(?:\.\d{1,60})?)~`;

/** A cursor of a search, or of a list that is in order of its ids. */
export const CURSOR = new RegExp(`^(?:${PLACE})?(${ID})$`);

export const cursorOf = ({ asOf, key, id }: SearchCursor): string => `${asOf.getTime()}~${key}~${id}`;

/** Throws `request_malformed`. */
export function readCursor(text: string): SearchCursor {
  const [, asOf, key, id] = CURSOR.exec(text) ?? [];
  const isWhole = asOf !== undefined && key !== undefined && id !== undefined;
  demand(isWhole, 'request_malformed', '`after` is not of a search.', { field: 'after' });
  return { asOf: new Date(Number(asOf)), key, id };
}
