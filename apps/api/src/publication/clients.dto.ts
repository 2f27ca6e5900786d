import { Bytes32, Instant, Integer, Nested, Text } from '../platform/http/fields.js';

export class ClientReleaseView {
  @Text(100)
  name: string;

  @Text(50)
  version: string;

  @Bytes32({ doc: 'Of the program, byte by byte as it is served.' })
  sha256: string;

  @Instant()
  releasedAt: string;

  @Bytes32()
  leafSha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Place in the log, once the public log reaches it.' })
  index?: number;
}

export class ClientReleasesView {
  @Nested(() => ClientReleaseView, { list: 10_000 })
  items: readonly ClientReleaseView[];
}
