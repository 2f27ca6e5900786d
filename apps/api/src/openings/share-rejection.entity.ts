import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('share_rejection')
export class ShareRejection {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'uuid' })
  openerId: string;

  @Column({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', precision: 3 })
  rejectedAt: Date;
}
