import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A measured outage before a deadline, and the deadline that it moved. */
@Entity('outage')
export class Outage {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  fromAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  untilAt: Date;

  @Column({ type: 'integer' })
  minutes: number;

  @Column({ type: 'bytea' })
  evidenceSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  deadlineBefore: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  extendedTo: Date | null;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  recordedAt: Date;
}
