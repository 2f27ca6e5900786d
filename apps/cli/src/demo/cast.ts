/** Who plays: one buyer, one inspectorate, one university, the operators, and companies. Their keys are theirs: made
 *  here, in the part of the client, and kept in the demonstration's folder. */
import { newIdentity, newKeyRing, ApiProblem, type KeyRing, publicKeyOf } from '@segel/acts';
import { toBase64 } from '@segel/encoding';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { registerKey, whoAmI } from '../acts/people.js';
import type { ApiClient } from '../api-client.js';
import { exists, readKeyFile, writeKeyFile } from '../keys/key-file.js';
import { random } from '../primitives.js';
import { tokenFor } from './mail.js';

/** The one password of all demonstration accounts; the demonstration pack is refused in production. */
export const PASSWORD = 'segel demonstration';

export type Part = {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
};

export const OFFICIALS: readonly Part[] = [
  { email: 'preparer@demo.example', name: 'Ratna Preparer', role: 'preparer', organisation: 'buyer' },
  { email: 'approver@demo.example', name: 'Budi Approver', role: 'approver', organisation: 'buyer' },
  { email: 'award@demo.example', name: 'Sri Award', role: 'award_authority', organisation: 'buyer' },
  ...['Adi', 'Bayu', 'Citra'].map((name, i) => ({
    email: `opener${i + 1}@demo.example`,
    name: `${name} Opener`,
    role: 'opener',
    organisation: 'buyer',
  })),
  ...['Dewi', 'Eko', 'Fitri'].map((name, i) => ({
    email: `opener${i + 4}@demo.example`,
    name: `${name} Opener`,
    role: 'opener',
    organisation: 'university',
  })),
  ...['Gita', 'Hadi', 'Indah'].map((name, i) => ({
    email: `evaluator${i + 1}@demo.example`,
    name: `${name} Evaluator`,
    role: 'evaluator',
    organisation: 'buyer',
  })),
  { email: 'auditor@demo.example', name: 'Joko Auditor', role: 'auditor', organisation: 'inspectorate' },
];

export const OPERATORS = ['operator1@demo.example', 'operator2@demo.example'] as const;

const ORGANISATIONS = {
  buyer: { kind: 'buyer', name: 'Dinas Pekerjaan Umum Kota Merapi' },
  inspectorate: { kind: 'oversight', name: 'Inspektorat Daerah Merapi' },
  university: { kind: 'civil', name: 'Universitas Merapi' },
} as const;

/** Somebody signed in, with the keys of their own client. */
export type Player = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly api: ApiClient;
  readonly keys: KeyRing;
  readonly vendorId?: string;
};

export type Stage = {
  readonly api: ApiClient;
  readonly mailFolder: string;
  readonly keyFolder: string;
  readonly usedTokens: Set<string>;
  /** Who signed in already: a password is not checked twice. */
  readonly sessions: Map<string, Session>;
};

export type Session = { readonly token: string; readonly accountId: string };

async function signIn(stage: Stage, email: string): Promise<Session | undefined> {
  try {
    const session =
      stage.sessions.get(email) ?? (await stage.api.post<Session>('/api/sessions', { email, password: PASSWORD }));
    stage.sessions.set(email, session);
    return session;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined;
    throw error;
  }
}

/** Quick to open: the passphrase of the demonstration is public anyway. */
const WORK_FACTOR = 10;

const keyFileOf = (stage: Stage, email: string): string => path.join(stage.keyFolder, `${email}.age`);

/** Keeps a player's keys in a key file as the command line reads it. */
export async function keepKeys(stage: Stage, email: string, keys: KeyRing): Promise<void> {
  await mkdir(stage.keyFolder, { recursive: true, mode: 0o700 });
  await writeKeyFile(keyFileOf(stage, email), keys, PASSWORD, { replace: true, workFactor: WORK_FACTOR });
}

/** The keys of one player, made once. An auditor's hold the age identity to which the seeds of opened bids go. */
export async function keysOf(stage: Stage, email: string, auditor: boolean): Promise<KeyRing> {
  const file = keyFileOf(stage, email);
  if (await exists(file)) return readKeyFile(file, PASSWORD);
  const keys: KeyRing = { ...newKeyRing(random), ...(auditor ? { escrowIdentity: newIdentity(random, 'x1') } : {}) };
  await keepKeys(stage, email, keys);
  return keys;
}

/** Signs in and sees that the player's key is registered. */
export async function enter(stage: Stage, email: string): Promise<Player> {
  const session = await signIn(stage, email);
  if (session === undefined)
    throw new Error(`${email} cannot sign in: the server’s demonstration accounts are not there`);
  const api = stage.api.withToken(session.token);
  const me = await whoAmI(api);
  const keys = await keysOf(
    stage,
    email,
    me.roles.some(({ role }) => role === 'auditor'),
  );
  const key = publicKeyOf(keys);
  const signs = !me.roles.some(({ role }) => role === 'operator');
  const known = me.keys.some((registered) => registered.key === key && (registered.revokedAt ?? null) === null);
  if (signs && !known) await registerKey(api, keys, { accountId: me.id, vendorId: me.vendorId });
  return {
    id: me.id,
    name: me.name,
    email,
    api,
    keys,
    ...(typeof me.vendorId === 'string' ? { vendorId: me.vendorId } : {}),
  };
}

async function accept(stage: Stage, email: string, name: string): Promise<void> {
  const token = await tokenFor(stage.mailFolder, email, stage.usedTokens);
  await stage.api.post('/api/invitations/acceptance', { token, name, password: PASSWORD, language: 'id' });
}

/** The operators of the bootstrap accept their invitations, then invite everybody else, the
 *  first asking and the second confirming. Does nothing twice. */
export async function prepareCast(stage: Stage): Promise<readonly [Player, Player]> {
  const joining = OPERATORS.map(async (email, i) => {
    if ((await signIn(stage, email)) === undefined) await accept(stage, email, `Operator ${i + 1}`);
  });
  await Promise.all(joining);
  const operators: [Player, Player] = [await enter(stage, OPERATORS[0]), await enter(stage, OPERATORS[1])];
  const organisations = await organisationsOf(operators[0].api);
  const invited = OFFICIALS.map(async ({ email, name, role, organisation }) => {
    if ((await signIn(stage, email)) !== undefined) return;
    const organisationId = organisations[organisation as keyof typeof ORGANISATIONS];
    const invitation = { email, role, organisationId };
    const { id } = await operators[0].api.post<{ id: string }>('/api/invitations', invitation);
    await operators[1].api.post(`/api/invitations/${id}/confirmation`, {});
    await accept(stage, email, name);
  });
  await Promise.all(invited);
  return operators;
}

type OrganisationRow = { readonly id: string; readonly name: string };

/** The organisations by their part, made when missing. */
export async function organisationsOf(
  operator: ApiClient,
): Promise<Readonly<Record<keyof typeof ORGANISATIONS, string>>> {
  const known = await operator.list<OrganisationRow>('/api/organisations');
  const ids: Record<string, string> = {};
  for (const [part, organisation] of Object.entries(ORGANISATIONS)) {
    const row =
      known.find(({ name }) => name === organisation.name) ??
      (await operator.post<OrganisationRow>('/api/organisations', organisation));
    ids[part] = row.id;
  }
  return ids as Record<keyof typeof ORGANISATIONS, string>;
}

/** A company: account, confirmation by mail, registration, approval by two operators, key. Does nothing twice. */
export async function company(
  stage: Stage,
  operators: readonly [Player, Player],
  name: string,
  identifier: string,
): Promise<Player> {
  const email = `${identifier.toLowerCase()}@vendor.example`;
  if ((await signIn(stage, email)) === undefined) {
    await stage.api.post('/api/accounts', {
      email,
      name: `Owner of ${name}`.slice(0, 100),
      password: PASSWORD,
      language: 'id',
    });
    await stage.api.post('/api/accounts/confirmation', {
      token: await tokenFor(stage.mailFolder, email, stage.usedTokens),
    });
  }
  const session = await signIn(stage, email);
  if (session === undefined) throw new Error(`${email} cannot sign in after confirming`);
  const api = stage.api.withToken(session.token);
  if (typeof (await whoAmI(api)).vendorId !== 'string') await registerCompany(api, operators, name, identifier);
  return enter(stage, email);
}

async function registerCompany(
  api: ApiClient,
  operators: readonly [Player, Player],
  name: string,
  identifier: string,
): Promise<void> {
  const { id } = await api.post<{ id: string }>('/api/vendors', {
    name,
    country: 'ID',
    identifierScheme: 'ID-NIB',
    identifier,
    address: 'Jalan Merapi 1, Yogyakarta',
  });
  const licence = new Uint8Array(Buffer.from(`%PDF-1.4\n% Licence of ${name} ${toBase64(random(8))}\n%%EOF\n`));
  const query = new URLSearchParams({
    kind: 'licence',
    fileName: 'licence.pdf',
    mediaType: 'application/pdf',
    expiresOn: '2030-12-31',
  });
  await api.postBytes(`/api/vendors/${id}/documents?${query.toString()}`, licence);
  for (const operator of operators)
    await operator.api.post(`/api/vendors/${id}/decisions`, { decision: 'approve', reasons: [] });
}
