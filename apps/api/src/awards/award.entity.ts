import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('award')
export class Award {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'text' })
  amount: string;

  @Column({ type: 'text' })
  currency: string;

  @Column({ type: 'uuid' })
  intendedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  intendedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  standstillEndAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  standstillEndedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  decidedAt: Date | null;
}
