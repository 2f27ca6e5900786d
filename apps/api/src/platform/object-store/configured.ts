import { Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { FolderStore } from './folder-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';

/** The store that the settings name, examined and ready. Throws when it lacks what the platform relies on. */
export async function objectStore({ settings }: Config): Promise<ObjectStore> {
  const {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_REGION: region,
    S3_ACCESS_KEY: accessKey,
    S3_SECRET_KEY: secretKey,
    S3_RETENTION_DAYS: retentionDays,
  } = settings;
  const store =
    endpoint === ''
      ? new FolderStore(settings.OBJECT_FOLDER)
      : new S3Store({ endpoint, bucket, region, accessKey, secretKey, retentionDays });
  const logger = new Logger('ObjectStore');
  for (const remark of await store.start()) logger.log(remark);
  return store;
}
