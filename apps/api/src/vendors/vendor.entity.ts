import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('vendor')
export class Vendor {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  country: string;

  @Column({ type: 'text' })
  identifierScheme: string;

  @Column({ type: 'text' })
  identifier: string;

  @Column({ type: 'text' })
  address: string;

  @Column({ type: 'jsonb' })
  record: CanonicalObject;

  @Column({ type: 'uuid' })
  registeredBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  registeredAt: Date;

  @Column({ type: 'text' })
  state: string;
}
