import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('bid_part')
export class BidPart {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @PrimaryColumn({ type: 'integer' })
  position: number;

  @Column({ type: 'bytea' })
  sha256: Uint8Array;
}
