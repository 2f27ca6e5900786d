import { Document, Id, Instant, Nested, Text } from '../platform/http/fields.js';

export class NotificationView {
  @Id()
  id: string;

  @Text(60)
  code: string;

  @Document('Parameters of the notice, all text.')
  params: object;

  @Text(300, { doc: 'In the language of the account.' })
  subject: string;

  @Text(8000)
  text: string;

  @Instant()
  at: string;
}

export class NotificationPage {
  @Nested(() => NotificationView, { list: 200 })
  items: readonly NotificationView[];

  @Text(100, { optional: true })
  next?: string;
}
