import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('tender_document')
export class TenderFile {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  tenderId: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text' })
  fileName: string;

  @Column({ type: 'text' })
  mediaType: string;

  @Column({ type: 'bytea' })
  sha256: Uint8Array;

  @Column({ type: 'bigint' })
  sizeBytes: number;

  @Column({ type: 'uuid' })
  addedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  addedAt: Date;
}
