/** The S3 store: a bucket with versions and object lock, through the minio client. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Client, S3Error } from 'minio';
import { ObjectConflict, ObjectMissing, ObjectStore, checkContent, checkKey } from './object-store.js';
import { bucketProblem, isRefusedByLock } from './s3-bucket.js';
import { blocks, digestOf, exactly } from './streams.js';

export type S3Settings = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** What the bucket's default retention must be at least. */
  readonly retentionDays: number;
};

type Stored = { readonly size: number; readonly sha256: string | undefined; readonly versionId: string | undefined };

/** One request carries this much at most, which bounds the memory of a stream of any length. */
const PART_BYTES = 8 * 1024 * 1024;

const code = (error: unknown): string | undefined => (error instanceof S3Error ? error.code : undefined);
const missing = (error: unknown): boolean => ['NotFound', 'NoSuchKey'].includes(code(error) ?? '');
const exists = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes(code(error) ?? '');

const NO_RETENTION: readonly string[] = ['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'];

/** Written at the first start and never changed: whether it can be written again shows if conditions are honoured. */
const PROBE = { key: 'start/condition', bytes: Buffer.from('Is a second write refused?\n') } as const;
const ONLY_IF_ABSENT = { 'If-None-Match': '*' } as const;

export class S3Store extends ObjectStore {
  private readonly client: Client;
  /** Whether the server refuses to write over an object when asked to; found out at start. */
  private honoursConditions = false;

  constructor(private readonly settings: S3Settings) {
    super();
    const url = new URL(settings.endpoint);
    this.client = new Client({
      endPoint: url.hostname,
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      useSSL: url.protocol === 'https:',
      accessKey: settings.accessKey,
      secretKey: settings.secretKey,
      region: settings.region,
      pathStyle: true,
      partSize: PART_BYTES,
    });
  }

  override async start(): Promise<readonly string[]> {
    const { bucket, endpoint, retentionDays } = this.settings;
    const examined = async (): Promise<string | undefined> => {
      const problem = await bucketProblem(this.client, bucket, retentionDays);
      if (problem === undefined) this.honoursConditions = await this.refusesSecondWrite();
      return problem;
    };
    const problem = await examined().catch((error: unknown) => {
      const reason = (error as Error).message || code(error);
      throw new Error(`The bucket ${bucket} at ${endpoint} could not be examined: ${reason}.`, { cause: error });
    });
    if (problem !== undefined) throw new Error(`The bucket ${bucket} at ${endpoint} ${problem}.`);
    const locked = `Objects lie in the bucket ${bucket} at ${endpoint}, each version locked for ${retentionDays} days or more.`;
    const conditions = this.honoursConditions
      ? 'It refuses to write over an object (If-None-Match).'
      : 'It ignores If-None-Match: of two writers at once the second adds a version; the first stays.';
    return [locked, conditions];
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (body.length > PART_BYTES) return this.putStream(key, one(body), body.length);
    const holds = (): Promise<boolean> => this.holds(key, body.length, () => Promise.resolve(hexSha256(body)));
    if (await holds()) return;
    try {
      await this.write(key, body, this.honoursConditions ? ONLY_IF_ABSENT : {});
    } catch (error) {
      // Another writer was faster: what counts is which bytes it wrote.
      if (!exists(error) || !(await holds())) throw error;
    }
  }

  override async restore(key: string, bytes: Uint8Array): Promise<void> {
    checkContent(key, bytes);
    const body = Buffer.from(bytes);
    const whole = (await this.size(key)) === body.length && (await digestOf(await this.read(key))) === hexSha256(body);
    if (whole) return;
    // A version more: the damaged one stays below it, as evidence.
    await (body.length > PART_BYTES ? this.upload(key, one(body)) : this.write(key, body, {}));
  }

  override async retainUntil(key: string, until: Date): Promise<void> {
    const { bucket } = this.settings;
    const versionId = (await this.stored(key))?.versionId;
    if (versionId === undefined) throw new ObjectMissing(key);
    const held = await this.retainedUntil(key, versionId);
    if (held !== undefined && held >= until) return;
    // Whole seconds, upwards: servers differ in what they make of a fraction.
    const retainUntilDate = new Date(Math.ceil(until.getTime() / 1000) * 1000).toISOString();
    await this.client.putObjectRetention(bucket, key, { mode: 'COMPLIANCE', retainUntilDate, versionId });
  }

  override async discard(key: string): Promise<boolean> {
    const { bucket } = this.settings;
    const listing = this.client.listObjects(bucket, checkKey(key), true, { IncludeVersion: true });
    const versions: string[] = [];
    for await (const item of listing) {
      const { name, versionId } = item as { readonly name?: string; readonly versionId?: string };
      if (name === key && versionId !== undefined) versions.push(versionId);
    }
    try {
      for (const versionId of versions) await this.client.removeObject(bucket, key, { versionId });
      return true;
    } catch (error) {
      if (isRefusedByLock(error)) return false;
      throw error;
    }
  }

  override async replace(key: string, bytes: Uint8Array): Promise<void> {
    const body = Buffer.from(bytes);
    // The bucket keeps the versions before it: a history of its own.
    await this.client.putObject(this.settings.bucket, checkKey(key), body, body.length, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-cache',
    });
  }

  override async putStream(key: string, source: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    const checked = exactly(source, size);
    if (size <= PART_BYTES) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of checked) chunks.push(chunk);
      await this.put(key, Buffer.concat(chunks));
    } else if (!(await this.holds(key, size, () => digestOf(checked)))) {
      await this.upload(key, checked);
    }
  }

  override async size(key: string): Promise<number | undefined> {
    return (await this.stored(key))?.size;
  }

  override async read(key: string): Promise<Readable> {
    try {
      return await this.client.getObject(this.settings.bucket, checkKey(key));
    } catch (error) {
      throw missing(error) ? new ObjectMissing(key) : error;
    }
  }

  /** The server compares the body with both sums and refuses one that was damaged on the way; those that know
   *  x-amz-checksum keep it with the object. */
  private async write(key: string, body: Buffer, conditions: Readonly<Record<string, string>>): Promise<void> {
    const digest = createHash('sha256').update(body).digest();
    const headers = {
      ...conditions,
      'Content-Length': String(body.length),
      'Content-Type': 'application/octet-stream',
      'Content-MD5': createHash('md5').update(body).digest('base64'),
      'Cache-Control': 'public, max-age=31536000, immutable',
      'x-amz-checksum-sha256': digest.toString('base64'),
      'x-amz-meta-sha256': digest.toString('hex'),
    };
    const request = { method: 'PUT', bucketName: this.settings.bucket, objectName: checkKey(key), headers };
    const answer = await this.client.makeRequestAsync(request, body);
    answer.resume();
  }

  private async refusesSecondWrite(): Promise<boolean> {
    const refused = (): Promise<boolean> =>
      this.write(PROBE.key, PROBE.bytes, ONLY_IF_ABSENT).then(
        () => false,
        (error: unknown) => {
          if (exists(error)) return true;
          if (code(error) === 'NotImplemented') return false;
          throw error;
        },
      );
    return (await refused()) || refused();
  }

  private async retainedUntil(key: string, versionId: string): Promise<Date | undefined> {
    try {
      const held = await this.client.getObjectRetention(this.settings.bucket, key, { versionId });
      const until = (held as { readonly retainUntilDate?: string } | null | undefined)?.retainUntilDate;
      return until === undefined ? undefined : new Date(until);
    } catch (error) {
      if (NO_RETENTION.includes(code(error) ?? '')) return undefined;
      throw error;
    }
  }

  private async stored(key: string): Promise<Stored | undefined> {
    try {
      const { size, metaData, versionId } = await this.client.statObject(this.settings.bucket, checkKey(key));
      const { sha256 } = metaData as { readonly sha256?: string };
      return { size, sha256, versionId: versionId ?? undefined };
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  /** Whether the key holds these bytes already; {@link ObjectConflict} when it holds others. Not every server honours
   *  If-None-Match, and none for parts, so this is asked before each write; versions and the lock keep the first bytes even when two
   *  writers race, and content-addressed keys make both write the same. */
  private async holds(key: string, size: number, digest: () => Promise<string>): Promise<boolean> {
    const stored = await this.stored(key);
    if (stored === undefined) return false;
    const sha256 = await digest();
    if (stored.size !== size || (stored.sha256 ?? (await digestOf(await this.read(key)))) !== sha256) {
      throw new ObjectConflict('the key holds other bytes');
    }
    return true;
  }

  /** The client's own upload of a stream resumes whatever unfinished upload of the key it finds, even that of another
   *  writer, and does not survive a stream that fails; so the parts are sent here. */
  private async upload(key: string, source: AsyncIterable<Uint8Array>): Promise<void> {
    const { bucket } = this.settings;
    const uploadId = await this.client.initiateNewMultipartUpload(bucket, key, {});
    try {
      const parts: { readonly part: number; readonly etag: string }[] = [];
      for await (const body of blocks(source, PART_BYTES)) {
        const headers = { 'Content-MD5': createHash('md5').update(body).digest('base64') };
        const partNumber = parts.length + 1;
        const { etag } = await this.client.uploadPart(
          { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber, headers },
          body,
        );
        parts.push({ part: partNumber, etag });
      }
      await this.client.completeMultipartUpload(bucket, key, uploadId, parts);
    } catch (error) {
      // Parts that stay behind take room and nothing else; why the upload failed matters more.
      await this.client.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
      throw error;
    }
  }
}

function hexSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
