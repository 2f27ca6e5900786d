import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('conflict_declaration')
export class ConflictDeclaration {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  accountId: string;

  @Column({ type: 'boolean' })
  conflict: boolean;

  @Column({ type: 'jsonb' })
  body: CanonicalObject;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  sig: string;

  @Column({ type: 'timestamptz', precision: 3 })
  declaredAt: Date;
}
