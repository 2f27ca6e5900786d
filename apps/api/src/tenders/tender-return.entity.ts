import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_return')
export class TenderReturn {
  @PrimaryColumn({ type: 'uuid' })
  noticeId: string;

  @Column({ type: 'uuid' })
  approverId: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', precision: 3 })
  returnedAt: Date;
}
