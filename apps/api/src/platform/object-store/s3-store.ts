/** The S3 store: a bucket with versions and object lock, through the minio client. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Client, S3Error } from 'minio';
import { ObjectConflict, ObjectMissing, ObjectStore, checkKey } from './object-store.js';
import { blocks, digestOf, exactly } from './streams.js';

export type S3Settings = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

type Stored = { readonly size: number; readonly sha256: string | undefined };

/** One request carries this much at most, which bounds the memory of a stream of any length. */
const PART_BYTES = 8 * 1024 * 1024;

const code = (error: unknown): string | undefined => (error instanceof S3Error ? error.code : undefined);
const missing = (error: unknown): boolean => ['NotFound', 'NoSuchKey'].includes(code(error) ?? '');

export class S3Store extends ObjectStore {
  private readonly client: Client;

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

  override async start(): Promise<void> {
    const { bucket, endpoint } = this.settings;
    const problem = await this.problem().catch((error: unknown) => {
      const reason = (error as Error).message || code(error);
      throw new Error(`The bucket ${bucket} at ${endpoint} could not be examined: ${reason}.`, { cause: error });
    });
    if (problem !== undefined) throw new Error(`The bucket ${bucket} at ${endpoint} ${problem}.`);
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (body.length > PART_BYTES) return this.putStream(key, one(body), body.length);
    const sha256 = createHash('sha256').update(body).digest('hex');
    if (await this.holds(key, body.length, () => Promise.resolve(sha256))) return;
    await this.client.putObject(this.settings.bucket, key, body, body.length, {
      'x-amz-meta-sha256': sha256,
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
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

  /** What the bucket lacks, or undefined when objects in it can neither be replaced nor deleted. */
  private async problem(): Promise<string | undefined> {
    const { bucket } = this.settings;
    if (!(await this.client.bucketExists(bucket))) return 'does not exist';
    const versioning = await this.client.getBucketVersioning(bucket);
    if ((versioning as { Status?: string }).Status !== 'Enabled') return 'keeps no versions';
    const lock = await this.lock();
    if (lock.objectLockEnabled !== 'Enabled') return 'has no object lock: objects could be deleted';
    if (lock.mode !== 'COMPLIANCE') return 'has no default retention in COMPLIANCE mode: objects could be deleted';
    return undefined;
  }

  private async lock(): Promise<{ readonly objectLockEnabled?: string; readonly mode?: string }> {
    try {
      // The client's types forget that this one answers with a promise too.
      return await (this.client.getObjectLockConfig(this.settings.bucket) as unknown as Promise<object>);
    } catch (error) {
      if (code(error) === 'ObjectLockConfigurationNotFoundError') return {};
      throw error;
    }
  }

  private async stored(key: string): Promise<Stored | undefined> {
    try {
      const { size, metaData } = await this.client.statObject(this.settings.bucket, checkKey(key));
      return { size, sha256: (metaData as Record<string, string | undefined>)['sha256'] };
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  /** Whether the key holds these bytes already; {@link ObjectConflict} when it holds others. Not every server honours
   *  If-None-Match, so this is asked before each write; versions and the lock keep the first bytes even when two
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

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
