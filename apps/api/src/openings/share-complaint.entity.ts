import { Column, PrimaryColumn, Entity } from 'typeorm';

@Entity('share_complaint')
export class ShareComplaint {
  @PrimaryColumn({ type: 'uuid' })
  releaseId: string;

  @PrimaryColumn({ type: 'uuid' })
  bidId: string;

  @Column({ type: 'text' })
  reason: string;
}
