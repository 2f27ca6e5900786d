import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A part that a vendor said it would send. */
@Entity('announced_part')
export class AnnouncedPart {
  @PrimaryColumn({ type: 'uuid' })
  tenderId: string;

  @PrimaryColumn({ type: 'uuid' })
  vendorId: string;

  @PrimaryColumn({ type: 'bytea' })
  sha256: Uint8Array;

  @Column({ type: 'integer' })
  sizeBytes: number;

  @Column({ type: 'uuid' })
  entryId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  announcedAt: Date;
}
