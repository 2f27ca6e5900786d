import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('opened_bid')
export class OpenedBid {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'text' })
  outcome: string;

  @Column({ type: 'text', nullable: true })
  detail: string | null;

  @Column({ type: 'bytea', nullable: true })
  plaintextRoot: Uint8Array | null;

  @Column({ type: 'jsonb', nullable: true })
  seal: CanonicalObject | null;

  @Column({ type: 'jsonb', nullable: true })
  offer: CanonicalObject | null;

  @Column({ type: 'bytea', nullable: true })
  seedEscrow: Uint8Array | null;

  @Column({ type: 'bytea' })
  commitment: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  openedAt: Date;
}
