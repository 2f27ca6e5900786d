import { Controller, Get, Header, Query } from '@nestjs/common';
import { Allow } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { StorageView } from './storage.dto.js';
import { StorageReads } from './storage.reads.js';

@Controller('api/storage')
@Allow({ roles: ['operator', 'auditor'] })
export class StorageController {
  constructor(private readonly reads: StorageReads) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Answers(200, StorageView, 'The last readings of the object store, and what is damaged or missing now.')
  async view(@Query() query: PageQuery): Promise<StorageView> {
    return this.reads.view(query);
  }
}
