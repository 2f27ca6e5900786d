import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('signing_key')
export class SigningKey {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  accountId: string;

  @Column({ type: 'uuid', nullable: true })
  vendorId: string | null;

  @Column({ type: 'bytea' })
  publicKey: Uint8Array;

  @Column({ type: 'text', nullable: true })
  escrowRecipient: string | null;

  @Column({ type: 'bytea' })
  entrySha256: Uint8Array;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  registeredAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
