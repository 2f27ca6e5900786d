import type { ClockStanding } from '@segel/procurement';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one time source answered; `problem` when it was not believed. */
export type MeasuredSource = {
  readonly source: string;
  readonly offsetMs?: number;
  readonly delayMs?: number;
  readonly problem?: string;
};

@Entity('clock_measurement')
export class ClockMeasurement {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  /** Median of the sources, to be added to our clock; null: none answered. */
  @Column({ type: 'integer', nullable: true })
  offsetMs: number | null;

  @Column({ type: 'text' })
  standing: ClockStanding;

  @Column({ type: 'jsonb' })
  sources: readonly MeasuredSource[];

  /** True when an entry of the log says it. */
  @Column({ type: 'boolean' })
  logged: boolean;
}
