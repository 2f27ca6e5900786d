/** What a receipt says, for reading. Whether it holds is for the vendor's own program to find: what this server says of
 *  itself proves nothing. */
import { readBidReceipt } from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import type { Visitor } from '../http/visitor.js';

export type ReadReceipt = {
  readonly text: string;
  readonly index: number;
  readonly witnesses: readonly { readonly name: string; readonly at: Date }[];
};

/** The receipt of a bid; undefined while it is not published. */
export async function receiptOf(
  { api }: Visitor,
  path: { readonly tenderId: string; readonly bidId: string },
): Promise<ReadReceipt | undefined> {
  const [receipt, kit] = await Promise.all([
    api.find('/api/tenders/{tenderId}/bids/{bidId}/receipt', { path }),
    api.find('/api/tenders/{tenderId}/kit', { path: { tenderId: path.tenderId } }),
  ]);
  if (receipt === undefined || kit === undefined) return undefined;
  const text = String(receipt);
  const { index, times } = readBidReceipt(text, parsePolicy(kit.policy)).receipt;
  return { text, index, witnesses: times.map(({ witness, time }) => ({ name: witness, at: new Date(time * 1000) })) };
}
