import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('vendor_document')
export class VendorDocument {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  vendorId: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  fileName: string;

  @Column({ type: 'text' })
  mediaType: string;

  @Column({ type: 'bytea' })
  sha256: Uint8Array;

  @Column({ type: 'bigint' })
  sizeBytes: number;

  @Column({ type: 'date', nullable: true })
  expiresOn: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  addedAt: Date;
}
