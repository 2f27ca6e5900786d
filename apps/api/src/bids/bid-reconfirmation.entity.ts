import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('bid_reconfirmation')
export class BidReconfirmation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'bytea' })
  noticeSha256: Uint8Array;

  @Column({ type: 'bytea' })
  commitment: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  reconfirmedAt: Date;
}
