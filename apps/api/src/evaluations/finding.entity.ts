import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('finding')
export class Finding {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'uuid' })
  evaluatorId: string;

  @Column({ type: 'boolean' })
  admitted: boolean;

  @Column({ type: 'text', nullable: true })
  criterionId: string | null;

  @Column({ type: 'text', nullable: true })
  evidence: string | null;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  foundAt: Date;
}
