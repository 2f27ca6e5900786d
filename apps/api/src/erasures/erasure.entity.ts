import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What two people decided to erase: an entry's opening, or an account's personal data. */
@Entity('erasure')
export class Erasure {
  @PrimaryColumn({ type: 'uuid' })
  requestId: string;

  @Column({ type: 'bytea', nullable: true })
  commitment: Uint8Array | null;

  @Column({ type: 'uuid', nullable: true })
  accountId: string | null;

  /** Of the clear entry that says so. */
  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'uuid' })
  requestedBy: string;

  @Column({ type: 'uuid' })
  confirmedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  confirmedAt: Date;
}
