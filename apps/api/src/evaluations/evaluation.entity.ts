import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('evaluation')
export class Evaluation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'bytea' })
  result: Uint8Array;

  @Column({ type: 'bytea' })
  resultSha256: Uint8Array;

  @Column({ type: 'jsonb' })
  committee: readonly string[];

  @Column({ type: 'uuid' })
  completedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  completedAt: Date;
}
