import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('box_attestation')
export class BoxAttestation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'uuid' })
  auditorId: string;

  @Column({ type: 'jsonb' })
  body: CanonicalObject;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  sig: string;

  @Column({ type: 'timestamptz', precision: 3 })
  attestedAt: Date;
}
