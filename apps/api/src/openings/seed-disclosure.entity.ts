import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('seed_disclosure')
export class SeedDisclosure {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'bytea' })
  seed: Uint8Array;

  @Column({ type: 'uuid' })
  disclosedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  disclosedAt: Date;
}
