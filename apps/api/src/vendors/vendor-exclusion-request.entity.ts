import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('vendor_exclusion_request')
export class VendorExclusionRequest {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'uuid' })
  requestedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  requestedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  untilAt: Date;
}
