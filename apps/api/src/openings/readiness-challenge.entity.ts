import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('readiness_challenge')
export class ReadinessChallenge {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'uuid' })
  openerId: string;

  @Column({ type: 'bytea' })
  wrap: Uint8Array;

  @Column({ type: 'bytea' })
  expectedSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  askedAt: Date;
}
