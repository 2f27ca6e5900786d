import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('erasure_decline')
export class ErasureDecline {
  @PrimaryColumn({ type: 'uuid' })
  requestId: string;

  @Column({ type: 'uuid' })
  declinedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  declinedAt: Date;
}
