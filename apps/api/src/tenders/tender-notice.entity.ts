import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_notice')
export class TenderNotice {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'jsonb' })
  body: CanonicalObject;

  @Column({ type: 'uuid' })
  preparerId: string;

  @Column({ type: 'text' })
  preparerKey: string;

  @Column({ type: 'text' })
  preparerSig: string;

  @Column({ type: 'timestamptz', precision: 3 })
  submittedAt: Date;
}
