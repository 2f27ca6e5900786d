import type { RulePack } from '@segel/procurement';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender')
export class Tender {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  ocid: string;

  @Column({ type: 'uuid' })
  buyerId: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text' })
  state: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deadlineAt: Date | null;

  @Column({ type: 'jsonb' })
  rulePack: RulePack;

  @Column({ type: 'bytea', nullable: true })
  noticeSha256: Uint8Array | null;

  @Column({ type: 'integer', nullable: true })
  resealRequiredSince: number | null;

  @Column({ type: 'uuid' })
  createdBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  publishedAt: Date | null;
}
