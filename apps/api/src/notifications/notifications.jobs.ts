import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { Mailer } from '../platform/mailer/mailer.js';
import { NotificationsService } from './notifications.service.js';

@Injectable()
export class NotificationsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    private readonly notifications: NotificationsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ notificationId: string }>('notification.mail', async ({ notificationId }) =>
      this.mailer.send(await this.notifications.mail(notificationId)),
    );
  }
}
