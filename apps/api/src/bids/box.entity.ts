import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('box')
export class Box {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'text' })
  envelope: string;

  @Column({ type: 'bigint' })
  cutSize: number;

  @Column({ type: 'integer' })
  count: number;

  @Column({ type: 'bytea' })
  setRoot: Uint8Array;

  @Column({ type: 'bytea' })
  entrySha256: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  closedAt: Date;
}
