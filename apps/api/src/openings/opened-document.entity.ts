import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('opened_document')
export class OpenedDocument {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @PrimaryColumn({ type: 'integer' })
  position: number;

  @Column({ type: 'text' })
  path: string;

  @Column({ type: 'bytea' })
  sha256: Uint8Array;

  @Column({ type: 'bigint' })
  sizeBytes: number;
}
