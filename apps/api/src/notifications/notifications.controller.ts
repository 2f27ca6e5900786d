import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { NotificationPage } from './notifications.dto.js';
import { NotificationsService } from './notifications.service.js';

@Controller('api/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @Allow('signed_in')
  @Answers(200, NotificationPage)
  async own(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<NotificationPage> {
    return this.notifications.own(actor, query);
  }
}
