import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('bid')
export class Bid {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'text' })
  envelope: string;

  @Column({ type: 'uuid' })
  offerId: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'uuid' })
  submittedBy: string;

  @Column({ type: 'uuid', nullable: true })
  replaces: string | null;

  @Column({ type: 'bytea' })
  manifestSha256: Uint8Array;

  @Column({ type: 'bytea' })
  manifestObject: Uint8Array;

  @Column({ type: 'bytea' })
  ctRoot: Uint8Array;

  @Column({ type: 'text' })
  recipient: string;

  @Column({ type: 'bigint' })
  sizeBytes: number;

  @Column({ type: 'boolean' })
  precommit: boolean;

  @Column({ type: 'bytea' })
  noticeSha256: Uint8Array;

  @Column({ type: 'bytea' })
  commitment: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  submittedAt: Date;
}
