import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a scanner said of one document of an opened bid. */
export type DocumentVerdict = {
  readonly position: number;
  readonly state: 'clean' | 'infected' | 'unscannable';
  /** The signature that was found, or why nobody looked. */
  readonly detail?: string;
};

/** One look at all documents of an opened bid. */
@Entity('document_scan')
export class DocumentScan {
  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'text' })
  engine: string;

  @Column({ type: 'jsonb' })
  verdicts: readonly DocumentVerdict[];

  @Column({ type: 'timestamptz', precision: 3 })
  scannedAt: Date;
}
