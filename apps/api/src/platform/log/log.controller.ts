/** The public log, exactly as C2SP tlog-tiles: anybody may read all of it, up to the interval that ended last. What is
 *  beyond is sequenced and receipted already, and must not tell when (protocol section 4). */
import { Refusal } from '@segel/procurement';
import { coveredLeaves, parseTilePath, type Tile } from '@segel/tlog';
import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../auth/allow.js';
import { Database } from '../database/database.js';
import { Answers } from '../http/answers.js';
import { LogPolicy } from './policy-file.js';
import { readBundle } from './log-files.js';

const IMMUTABLE = 'public, max-age=31536000, immutable';

@Controller('log')
@Allow('public')
export class LogController {
  constructor(
    private readonly database: Database,
    private readonly policy: LogPolicy,
  ) {}

  @Get('checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @Answers(200, 'text', 'The newest public checkpoint: it ended an interval and the quorum cosigned it.')
  async checkpoint(): Promise<string> {
    const [row] = await this.database.query<{ note: string }>(
      'SELECT note FROM tlog.public_checkpoint ORDER BY size DESC LIMIT 1',
    );
    if (row === undefined) throw new Refusal('not_found', 'No checkpoint was published yet.');
    return row.note;
  }

  @Get('checkpoints/:size')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Answers(200, 'text', 'The first public checkpoint of at least this size.')
  async firstCheckpoint(@Param('size') size: string): Promise<string> {
    const missing = new Refusal('not_found', 'No checkpoint of this size was published.');
    if (!/^(0|[1-9]\d{0,14})$/.test(size)) throw missing;
    const [row] = await this.database.query<{ note: string }>(
      'SELECT note FROM tlog.public_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1',
      [Number(size)],
    );
    if (row === undefined) throw missing;
    return row.note;
  }

  @Get('policy')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Answers(200, 'text', 'The tlog-policy of this log: its key, its witnesses, the quorum.')
  policyText(): string {
    return this.policy.text;
  }

  @Get('vkey')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Answers(200, 'text', 'The verifier key of this log.')
  vkey(): string {
    return this.policy.vkeyText;
  }

  @Get('tile/*')
  @Answers(200, 'text', 'A hash tile or an entry bundle (binary), full or partial.')
  async tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const bytes = await this.tileBytes(request.url.split('?')[0]!.slice('/log/'.length));
    await reply
      .header('content-type', 'application/octet-stream')
      .header('cache-control', IMMUTABLE)
      .send(Buffer.from(bytes));
  }

  private async tileBytes(path: string): Promise<Uint8Array> {
    const missing = new Refusal('not_found', 'The log has no such tile.');
    let tile: Tile;
    try {
      tile = parseTilePath(path);
    } catch {
      throw missing;
    }
    const { level, n, width } = tile;
    const [shown] = await this.database.query<{ size: number }>(
      'SELECT coalesce(max(size), 0) AS size FROM tlog.public_checkpoint',
    );
    if (coveredLeaves(tile) > (shown?.size ?? 0)) throw missing;
    if (level === 'entries') return readBundle(this.database, n, width);
    const [row] = await this.database.query<{ data: Buffer }>(
      'SELECT data FROM tlog.tile WHERE level = $1 AND n = $2',
      [level, n],
    );
    if (row === undefined || row.data.length < width * 32) throw missing;
    return row.data.subarray(0, width * 32);
  }
}
