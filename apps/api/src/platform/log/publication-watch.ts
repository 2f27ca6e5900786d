import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import { Config } from '../config/config.js';
import { doorOptions } from '../database/database.js';

/** Tells waiting requests that a checkpoint was published, whichever process did it. */
@Injectable()
export class PublicationWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('PublicationWatch');
  private readonly published = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | undefined;
  private closing = false;

  constructor(private readonly config: Config) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.published.emit('published');
    await this.client?.end();
  }

  /** Resolves at the next publication or after `ms`, whichever comes first. */
  async next(ms: number): Promise<void> {
    const signal = AbortSignal.timeout(Math.ceil(ms));
    await once(this.published, 'published', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  private async listen(): Promise<void> {
    const { APP_DATABASE_URL, DATABASE_URL } = this.config.settings;
    const client = new pg.Client(doorOptions({ url: APP_DATABASE_URL || DATABASE_URL, role: 'segel_app', pool: 1 }));
    client.on('notification', () => this.published.emit('published'));
    client.on('error', () => this.again());
    await client.connect();
    await client.query('LISTEN segel_published');
    this.client = client;
  }

  private again(): void {
    if (this.closing) return;
    this.client = undefined;
    setTimeout(() => {
      this.listen().catch((error: unknown) => {
        this.logger.warn(`listening again failed: ${(error as Error).message}`);
        this.again();
      });
    }, 1000).unref();
  }
}
