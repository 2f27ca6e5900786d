import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('organisation')
export class Organisation {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', nullable: true })
  identifierScheme: string | null;

  @Column({ type: 'text', nullable: true })
  identifier: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
