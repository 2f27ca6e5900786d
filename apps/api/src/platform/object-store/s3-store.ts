/** The S3 store: a bucket with versions and object lock, through the minio client. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client, S3Error } from 'minio';
import { ObjectConflict, ObjectMissing, ObjectStore, checkKey } from './object-store.js';

export type S3Settings = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

function missing(error: unknown): boolean {
  return error instanceof S3Error && ['NotFound', 'NoSuchKey'].includes(error.code ?? '');
}

/** Minio names the part size it buffers; parts of 8 MiB bound the memory of a stream of any length. */
const PART_BYTES = 8 * 1024 * 1024;

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
    const { bucket } = this.settings;
    if (!(await this.client.bucketExists(bucket))) throw new Error(`The bucket ${bucket} does not exist.`);
    const versioning = await this.client.getBucketVersioning(bucket);
    if ((versioning as { Status?: string }).Status !== 'Enabled')
      throw new Error(`The bucket ${bucket} keeps no versions.`);
    // The client's types forget that this one answers with a promise too.
    const lock = await (this.client.getObjectLockConfig(bucket) as unknown as Promise<{
      objectLockEnabled?: string;
      mode?: string;
    }>);
    if (lock.objectLockEnabled !== 'Enabled' || lock.mode !== 'COMPLIANCE') {
      throw new Error(`The bucket ${bucket} has no default retention in COMPLIANCE mode: objects could be deleted.`);
    }
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.once(key, bytes.length, createHash('sha256').update(bytes).digest('hex'), Buffer.from(bytes));
  }

  override async putStream(key: string, source: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    let written = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        written += chunk.length;
        if (written > size) throw new Error(`object of ${size} bytes came with more`);
        yield chunk;
      }
      if (written !== size) throw new Error(`object of ${size} bytes came with ${written}`);
    };
    await this.once(key, size, undefined, Readable.from(counted()));
  }

  override async size(key: string): Promise<number | undefined> {
    try {
      return (await this.client.statObject(this.settings.bucket, checkKey(key))).size;
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  override async read(key: string): Promise<Readable> {
    try {
      return await this.client.getObject(this.settings.bucket, checkKey(key));
    } catch (error) {
      throw missing(error) ? new ObjectMissing(key) : error;
    }
  }

  /** Not every server honours If-None-Match, so the first version is asked for by name; versions and the lock keep
   *  it even when two writers race, and content-addressed keys make both write the same bytes. */
  private async once(key: string, size: number, sha256: string | undefined, body: Buffer | Readable): Promise<void> {
    const { bucket } = this.settings;
    try {
      const there = await this.client.statObject(bucket, checkKey(key));
      const recorded = (there.metaData as Record<string, string | undefined>)['sha256'];
      if (there.size !== size || (sha256 !== undefined && recorded !== undefined && recorded !== sha256)) {
        throw new ObjectConflict('the key holds other bytes');
      }
      if (body instanceof Readable) body.destroy();
      return;
    } catch (error) {
      if (!missing(error)) throw error;
    }
    await this.client.putObject(bucket, key, body, size, sha256 === undefined ? {} : { 'x-amz-meta-sha256': sha256 });
  }
}
