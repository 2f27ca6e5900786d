import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('share')
export class Share {
  @PrimaryColumn({ type: 'uuid' })
  releaseId: string;

  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'integer' })
  x: number;

  @Column({ type: 'bytea' })
  share: Uint8Array;
}
