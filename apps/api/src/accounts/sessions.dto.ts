import { ROLES } from '@segel/procurement';
import { Bytes32, Email, Flag, Id, Instant, Nested, Text, Word } from '../platform/http/fields.js';

export class Credentials {
  @Email()
  email: string;

  @Text(1000)
  password: string;
}

export class SessionParam {
  @Id()
  sessionId: string;
}

export class SignedIn {
  @Text(1000, { doc: 'Bearer token; it holds until the session ends or is revoked.' })
  token: string;

  @Id()
  accountId: string;

  @Id()
  sessionId: string;

  @Instant()
  expiresAt: string;
}

export class SessionView {
  @Id()
  id: string;

  @Instant()
  createdAt: string;

  @Instant()
  expiresAt: string;

  @Text(60)
  ip: string;

  @Text(300)
  userAgent: string;

  @Instant({ optional: true })
  revokedAt?: string;

  @Flag({ doc: 'The session that asks.' })
  current: boolean;
}

export class SessionPage {
  @Nested(() => SessionView, { list: 200 })
  items: readonly SessionView[];

  @Text(100, { optional: true })
  next?: string;
}

export class HeldRole {
  @Word(ROLES)
  role: string;

  @Id({ optional: true })
  organisationId?: string;

  @Id({ optional: true })
  tenderId?: string;
}

export class OwnKey {
  @Id()
  id: string;

  @Bytes32()
  key: string;

  @Instant()
  registeredAt: string;

  @Instant({ optional: true })
  revokedAt?: string;
}

export class Me {
  @Id()
  id: string;

  @Email()
  email: string;

  @Text(200)
  name: string;

  @Word(['id', 'en'])
  language: string;

  @Id({ optional: true })
  vendorId?: string;

  @Nested(() => HeldRole, { list: 1000 })
  roles: readonly HeldRole[];

  @Nested(() => OwnKey, { list: 1000 })
  keys: readonly OwnKey[];
}

export class SecurityEvent {
  @Id()
  id: string;

  @Text(60)
  type: string;

  @Instant()
  at: string;

  @Flag({ doc: 'The account itself acted; else somebody else, a stranger or the platform.' })
  byMyself: boolean;

  @Text(200, { optional: true })
  what?: string;

  @Text(200, { optional: true })
  reason?: string;

  @Text(200, { optional: true })
  act?: string;

  @Text(40, { optional: true })
  role?: string;

  @Id({ optional: true })
  sessionId?: string;
}

export class SecurityEventPage {
  @Nested(() => SecurityEvent, { list: 200 })
  items: readonly SecurityEvent[];

  @Text(100, { optional: true })
  next?: string;
}
