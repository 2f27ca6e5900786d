/** The sealing kit: everything a vendor's client needs to seal offline, on one page. */
import { ciphertextDueAt } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { Receipts } from '../platform/log/receipts.js';
import { publishedTender, type PublishedTender } from './bid-window.js';
import type { KitView } from './kit.dto.js';

@Injectable()
export class Kits {
  constructor(
    private readonly database: Database,
    private readonly receipts: Receipts,
    private readonly policy: LogPolicy,
    private readonly config: Config,
  ) {}

  /** The kit under the latest notice, with the notice's receipt as soon as a public checkpoint covers it: anybody may ask,
   *  and other checkpoints tell what happens within an interval. */
  async of(tenderId: string): Promise<KitView> {
    const published = await publishedTender(this.database.manager, tenderId);
    const { terms } = published;
    const noticeReceipt = await this.receipts.receipt(published.noticeLeafSha256, 0, 'public');
    return {
      v: 1,
      tenderId,
      title: published.title,
      state: published.state,
      logOrigin: this.config.settings.LOG_ORIGIN,
      noticeSha256: published.noticeSha256,
      ...(noticeReceipt === undefined ? {} : { noticeReceipt }),
      suite: terms.suite,
      deadlineAt: published.deadlineAt.toISOString(),
      termsVersion: published.termsVersion,
      termsSha256: published.termsSha256,
      demonstration: published.pack.demonstration,
      lots: terms.lots.map(({ id, title }) => ({ id, title, envelopes: published.envelopes })),
      groups: published.groups.map(({ name, k, openers }) => ({
        name,
        k,
        openers: openers.map(({ opener_id, recipient, key_entry_sha256 }) => ({
          openerId: opener_id,
          recipient,
          keyEntrySha256: key_entry_sha256,
        })),
      })),
      policy: this.policy.text,
      policyNotIndependent: this.policy.notIndependent,
      maxBidBytes: terms.maxBidBytes,
      ...precommitOf(published),
    };
  }
}

function precommitOf({ deadlineAt, precommit }: PublishedTender): Pick<KitView, 'precommit'> {
  const dueAt = ciphertextDueAt(deadlineAt, precommit);
  if (precommit === undefined || dueAt === undefined) return {};
  return { precommit: { graceMinutes: precommit.graceMinutes, ciphertextDueAt: dueAt.toISOString() } };
}
