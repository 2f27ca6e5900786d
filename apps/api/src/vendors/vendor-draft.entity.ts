import type { CanonicalObject } from '@segel/encoding';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a person wrote of a company before sending it; empty once it was sent. */
@Entity('vendor_draft')
export class VendorDraft {
  @PrimaryColumn({ type: 'uuid' })
  accountId: string;

  @Column({ type: 'jsonb' })
  record: CanonicalObject;

  @Column({ type: 'timestamptz', precision: 3 })
  savedAt: Date;
}
