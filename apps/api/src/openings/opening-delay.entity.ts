import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A box whose openers let their time pass. */
@Entity('opening_delay')
export class OpeningDelay {
  @PrimaryColumn({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  noticedAt: Date;
}
