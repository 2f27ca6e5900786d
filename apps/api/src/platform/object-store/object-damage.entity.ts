import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('object_damage')
export class ObjectDamage {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'bytea' })
  sha256: Uint8Array;

  @Column({ type: 'text' })
  kind: 'missing' | 'differs';

  @Column({ type: 'timestamptz', precision: 3 })
  foundAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  restoredAt: Date | null;
}
