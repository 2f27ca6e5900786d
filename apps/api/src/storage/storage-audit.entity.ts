import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('storage_audit')
export class StorageAudit {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'timestamptz', precision: 3 })
  startedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  completedAt: Date;

  @Column({ type: 'bigint' })
  checked: number;

  @Column({ type: 'bigint' })
  bytes: number;

  @Column({ type: 'integer' })
  damaged: number;

  @Column({ type: 'integer' })
  missing: number;
}
