import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_publication')
export class TenderPublication {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'bytea' })
  entrySha256: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'uuid' })
  noticeId: string;

  @Column({ type: 'uuid' })
  approverId: string;

  @Column({ type: 'text' })
  approverKey: string;

  @Column({ type: 'text' })
  approverSig: string;

  @Column({ type: 'boolean' })
  resealRequired: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  publishedAt: Date;
}
