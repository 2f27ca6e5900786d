import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One of `entryId` and `accountId` is given. */
@Entity('erasure_request')
export class ErasureRequest {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid', nullable: true })
  entryId: string | null;

  @Column({ type: 'uuid', nullable: true })
  accountId: string | null;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'uuid' })
  requestedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  requestedAt: Date;
}
