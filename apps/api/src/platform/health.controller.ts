import { Controller, Get } from '@nestjs/common';
import { Allow } from './auth/allow.js';
import { Database } from './database/database.js';
import { Answers } from './http/answers.js';
import { Flag, Text } from './http/fields.js';

export class Health {
  @Text(20)
  name: 'segel';

  @Text(20)
  status: 'ok';

  @Flag({ doc: 'True before the first account: the demonstration may be seeded.' })
  empty: boolean;
}

@Controller('api/health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('public')
  @Answers(200, Health)
  async health(): Promise<Health> {
    const [row] = await this.database.query<{ empty: boolean }>('SELECT NOT EXISTS (SELECT FROM account) AS empty');
    return { name: 'segel', status: 'ok', empty: row?.empty ?? false };
  }
}
