import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('opener_key')
export class OpenerKey {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  openerId: string;

  @Column({ type: 'text' })
  suite: string;

  @Column({ type: 'text' })
  recipient: string;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  sig: string;

  @Column({ type: 'bytea' })
  entrySha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  registeredAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
