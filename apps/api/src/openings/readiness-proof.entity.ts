import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('readiness_proof')
export class ReadinessProof {
  @PrimaryColumn({ type: 'uuid' })
  challengeId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  provedAt: Date;
}
