import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../platform/config/config.js';
import { doorOptions } from '../platform/database/database.js';

/** The door of the role that deletes openings and blanks accounts, and can do nothing else. What it may delete is
 *  checked by the database itself, against the log (migration 0010). */
@Injectable()
export class ErasureDatabase implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor({ settings, production }: Config) {
    const { ERASURE_DATABASE_URL, DATABASE_URL, WORKER } = settings;
    // Only the worker erases: the processes that serve people need not hold this login.
    if (production && WORKER === 'inline' && ERASURE_DATABASE_URL === '')
      throw new Error('ERASURE_DATABASE_URL is missing: the worker cannot erase what was decided to be erased.');
    this.pool = new pg.Pool(doorOptions({ url: ERASURE_DATABASE_URL || DATABASE_URL, role: 'segel_erasure', pool: 1 }));
    this.pool.on('error', () => undefined);
  }

  /** Deletes the opening of an entry; nothing happens when it is gone already. */
  async eraseOpening(commitment: Uint8Array): Promise<void> {
    await this.pool.query('DELETE FROM tlog.opening WHERE commitment = $1', [commitment]);
  }

  /** Blanks name, address, sign-in traces and notices of an account. */
  async eraseAccount(accountId: string): Promise<void> {
    await this.pool.query('SELECT erase_account($1)', [accountId]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
