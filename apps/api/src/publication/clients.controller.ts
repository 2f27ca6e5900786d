import { Controller, Get } from '@nestjs/common';
import { Allow } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { ClientReleases } from './client-releases.js';
import { ClientReleasesView } from './clients.dto.js';

@Controller('api/clients')
@Allow('public')
export class ClientsController {
  constructor(private readonly releases: ClientReleases) {}

  @Get()
  @Answers(200, ClientReleasesView, 'The programs that vendors seal with, as the log names them; the newest first.')
  async list(): Promise<ClientReleasesView> {
    return { items: await this.releases.list() };
  }
}
