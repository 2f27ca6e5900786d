import { Bytes32, Bytes64, Id, Instant, Nested, Text } from '../platform/http/fields.js';
import { PageQuery } from '../platform/http/page.js';

export class KeyRegistration {
  @Bytes32({ doc: 'Ed25519 public key.' })
  key: string;

  @Bytes64({ doc: 'By the key itself over the body of `key.vendor.registered` or `key.authority.registered`.' })
  sig: string;

  @Text(3000, { optional: true, doc: 'Auditors: the age recipient to which opened bids are escrowed.' })
  escrowRecipient?: string;
}

export class KeyParam {
  @Id()
  keyId: string;
}

export class RegisteredKey {
  @Id()
  id: string;

  @Bytes32()
  entrySha256: string;

  @Bytes32()
  leafSha256: string;
}

export class KeysQuery extends PageQuery {
  @Id({ optional: true })
  accountId?: string;

  @Id({ optional: true })
  vendorId?: string;
}

export class KeyView extends RegisteredKey {
  @Bytes32()
  key: string;

  @Id()
  accountId: string;

  @Id({ optional: true })
  vendorId?: string;

  @Text(3000, { optional: true })
  escrowRecipient?: string;

  @Instant()
  registeredAt: string;

  @Instant({ optional: true })
  revokedAt?: string;
}

export class KeyPage {
  @Nested(() => KeyView, { list: 200 })
  items: readonly KeyView[];

  @Text(100, { optional: true })
  next?: string;
}
