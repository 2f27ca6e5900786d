import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_cancellation')
export class TenderCancellation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'text' })
  reasonCode: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'uuid' })
  proposedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  proposedAt: Date;
}
