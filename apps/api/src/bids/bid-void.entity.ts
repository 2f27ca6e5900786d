import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('bid_void')
export class BidVoid {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'bytea' })
  commitment: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  voidedAt: Date;
}
