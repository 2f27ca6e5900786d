import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('opening')
export class Opening {
  @PrimaryColumn({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  authorisedAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  completedAt: Date | null;

  @Column({ type: 'integer', nullable: true })
  opened: number | null;

  @Column({ type: 'integer', nullable: true })
  rejected: number | null;
}
