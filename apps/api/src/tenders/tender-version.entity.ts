import type { TenderTerms } from '@segel/procurement';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_version')
export class TenderVersion {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'jsonb' })
  content: TenderTerms;

  @Column({ type: 'bytea' })
  termsSha256: Uint8Array;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'uuid' })
  preparedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  preparedAt: Date;
}
