import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('bid_delivery')
export class BidDelivery {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'bytea' })
  commitment: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  deliveredAt: Date;
}
