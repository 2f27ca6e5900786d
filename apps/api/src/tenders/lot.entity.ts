import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('lot')
export class Lot {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'text' })
  state: string;
}
