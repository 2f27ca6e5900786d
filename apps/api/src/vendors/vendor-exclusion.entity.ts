import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('vendor_exclusion')
export class VendorExclusion {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'uuid' })
  excludedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  fromAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  untilAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;
}
