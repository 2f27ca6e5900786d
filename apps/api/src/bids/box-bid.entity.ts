import { PrimaryColumn, Entity } from 'typeorm';

@Entity('box_bid')
export class BoxBid {
  @PrimaryColumn({ type: 'uuid' })
  boxId: string;

  @PrimaryColumn({ type: 'uuid' })
  bidId: string;
}
