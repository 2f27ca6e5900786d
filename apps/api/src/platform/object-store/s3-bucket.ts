/** What a bucket must be so that objects in it can neither be replaced nor deleted. */
import { S3Error, type Client } from 'minio';

type Lock = {
  readonly objectLockEnabled?: string;
  readonly mode?: string;
  readonly unit?: string;
  readonly validity?: number | string;
};

/** What the bucket lacks, as the rest of a sentence, or undefined when it lacks nothing. */
export async function bucketProblem(client: Client, bucket: string, days: number): Promise<string | undefined> {
  if (!(await client.bucketExists(bucket))) return 'does not exist';
  const versioning = await client.getBucketVersioning(bucket);
  if ((versioning as { Status?: string }).Status !== 'Enabled') return 'keeps no versions';
  const lock = await lockOf(client, bucket);
  if (lock.objectLockEnabled !== 'Enabled') return 'has no object lock: objects could be deleted';
  if (lock.mode !== 'COMPLIANCE') return 'has no default retention in COMPLIANCE mode: objects could be deleted';
  const given = Number(lock.validity ?? 0) * (lock.unit?.startsWith('Y') === true ? 365 : 1);
  if (given < days) return `has a default retention of ${given} days, and S3_RETENTION_DAYS asks for ${days}`;
  return undefined;
}

/** True when a deletion was refused, by the lock or because the account has no right to delete. */
export function isRefusedByLock(error: unknown): boolean {
  return error instanceof S3Error && ['AccessDenied', 'ObjectLocked', 'InvalidRequest'].includes(error.code ?? '');
}

async function lockOf(client: Client, bucket: string): Promise<Lock> {
  try {
    // The client's types forget that this one answers with a promise too.
    return await (client.getObjectLockConfig(bucket) as unknown as Promise<object>);
  } catch (error) {
    if (error instanceof S3Error && error.code === 'ObjectLockConfigurationNotFoundError') return {};
    throw error;
  }
}
