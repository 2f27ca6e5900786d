import type { CanonicalObject } from '@segel/encoding';
import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('share_release')
export class ShareRelease {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  boxId: string;

  @Column({ type: 'uuid' })
  openerId: string;

  @Column({ type: 'text' })
  groupName: string;

  @Column({ type: 'jsonb' })
  body: CanonicalObject;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  sig: string;

  @Column({ type: 'bytea' })
  leafSha256: Uint8Array;

  @Column({ type: 'timestamptz', precision: 3 })
  releasedAt: Date;
}
