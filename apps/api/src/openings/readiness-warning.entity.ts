import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A challenge whose opener let it lie, and of which the officers heard. */
@Entity('readiness_warning')
export class ReadinessWarning {
  @PrimaryColumn({ type: 'uuid' })
  challengeId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  warnedAt: Date;
}
