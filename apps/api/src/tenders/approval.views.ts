/** What people who approve are answered. */
import { Document, Id, Integer, Nested, Text, Word } from '../platform/http/fields.js';
import { VERSION_MAX } from './tenders.dto.js';
import { ALWAYS, Moment, SignatureView } from './tenders.views.js';

export class WaitingView {
  @Id()
  id: string;

  @Id()
  tenderId: string;

  @Text(250)
  title: string;

  @Word(['publication', 'addendum', 'cancellation'])
  kind: string;

  @Text(250, { doc: 'Who asks.' })
  by: string;

  @Moment(ALWAYS)
  at: string;
}

export class WaitingPageView {
  @Nested(() => WaitingView, { list: 200 })
  items: WaitingView[];

  @Id({ optional: true })
  next?: string;
}

export class NoticeSubmissionView extends SignatureView {
  @Id()
  preparerId: string;

  @Text(250)
  preparer: string;

  @Document('The body that was signed.')
  body: object;

  @Moment(ALWAYS)
  submittedAt: string;
}

export class ReturnedView {
  @Integer(1, VERSION_MAX)
  version: number;

  @Text(250)
  approver: string;

  @Text(1000)
  reason: string;

  @Moment(ALWAYS)
  returnedAt: string;
}

export class ProposedCancellationView {
  @Text(60)
  reasonCode: string;

  @Text(2000)
  reason: string;

  @Id()
  proposedBy: string;

  @Text(250)
  by: string;

  @Moment(ALWAYS)
  proposedAt: string;
}

export class ApprovalStateView {
  @Integer(1, VERSION_MAX, { doc: 'The newest version: the draft, or the addendum in preparation.' })
  version: number;

  @Text(2000, { optional: true, doc: 'Of the addendum.' })
  reason?: string;

  @Text(250)
  preparedBy: string;

  @Moment(ALWAYS)
  preparedAt: string;

  @Nested(() => NoticeSubmissionView, { optional: true, doc: 'The newest version was signed and waits.' })
  submission?: NoticeSubmissionView;

  @Nested(() => ReturnedView, { optional: true, doc: 'What the approver sent back last.' })
  returned?: ReturnedView;

  @Nested(() => ProposedCancellationView, { optional: true, doc: 'Waits for its confirmation.' })
  cancellation?: ProposedCancellationView;
}
