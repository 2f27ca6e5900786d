import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One look at our own service, from outside. */
@Entity('probe')
export class Probe {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  @Column({ type: 'boolean' })
  ok: boolean;

  @Column({ type: 'integer' })
  ms: number;

  /** What a bidder needs and did not work. */
  @Column({ type: 'text', array: true })
  failed: readonly string[];
}
