import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('account_revocation')
export class AccountRevocation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  accountId: string;

  @Column({ type: 'uuid' })
  requestedBy: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', precision: 3 })
  requestedAt: Date;
}
