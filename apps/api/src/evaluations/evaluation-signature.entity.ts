import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('evaluation_signature')
export class EvaluationSignature {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'uuid' })
  evaluatorId: string;

  @Column({ type: 'bytea' })
  resultSha256: Uint8Array;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  sig: string;

  @Column({ type: 'timestamptz', precision: 3 })
  signedAt: Date;
}
