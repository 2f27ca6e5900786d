import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('vendor_decision')
export class VendorDecision {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'uuid' })
  decidedBy: string;

  @Column({ type: 'text' })
  decision: string;

  @Column({ type: 'jsonb' })
  reasons: CanonicalObject;

  @Column({ type: 'timestamptz', precision: 3 })
  decidedAt: Date;
}
