import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('account_token')
export class AccountToken {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  purpose: string;

  @Column({ type: 'uuid', nullable: true })
  accountId: string | null;

  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text', nullable: true })
  role: string | null;

  @Column({ type: 'uuid', nullable: true })
  organisationId: string | null;

  /** The company that a colleague is invited to, instead of an organisation. */
  @Column({ type: 'uuid', nullable: true })
  vendorId: string | null;

  @Column({ type: 'uuid', nullable: true })
  invitedBy: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** Null while an invitation waits for the second operator: the link does not hold yet. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  confirmedAt: Date | null;

  /** The second operator of an invitation. */
  @Column({ type: 'uuid', nullable: true })
  confirmedBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  usedAt: Date | null;
}
