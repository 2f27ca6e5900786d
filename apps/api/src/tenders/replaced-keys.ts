import { toBase64 } from '@segel/encoding';
import type { EntityManager } from 'typeorm';
import type { OpenerKey } from './opener-key.entity.js';
import { TenderNotice } from './tender-notice.entity.js';
import { TenderPublication } from './tender-publication.entity.js';

type Pinned = {
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
};

/** True when an opener of the notice in force holds another key than the one it pins: an addendum then restates the
 *  openers' keys, and what was sealed to the old one is sealed again. */
export async function keysReplaced(
  manager: EntityManager,
  tender: { readonly id: string; readonly version: number },
  keys: readonly OpenerKey[],
): Promise<boolean> {
  const published = await manager.findOneBy(TenderPublication, { tenderId: tender.id, version: tender.version });
  const notice = published && (await manager.findOneBy(TenderNotice, { id: published.noticeId }));
  const groups = (notice?.body['groups'] ?? []) as unknown as readonly Pinned[];
  return groups.some(({ openers }) =>
    openers.some(({ opener_id: openerId, key_entry_sha256: pinned }) =>
      keys.some((key) => key.openerId === openerId && toBase64(key.entrySha256) !== pinned),
    ),
  );
}
