import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('role_assignment')
export class RoleAssignment {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  accountId: string;

  @Column({ type: 'text' })
  role: string;

  @Column({ type: 'uuid', nullable: true })
  organisationId: string | null;

  @Column({ type: 'uuid', nullable: true })
  tenderId: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  grantedAt: Date;

  @Column({ type: 'text' })
  grantedBy: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
