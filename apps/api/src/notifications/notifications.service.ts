/** Own notices, and the mail of each. */
import { formatInstant } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import type { Mail } from '../platform/mailer/mailer.js';
import { Notification } from './notification.entity.js';
import type { NotificationPage } from './notifications.dto.js';
import { renderNotice, type Language } from './words.js';

@Injectable()
export class NotificationsService {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /** The newest first. */
  async own(actor: Actor, { after, limit = 50 }: PageQuery): Promise<NotificationPage> {
    const account = await this.database.manager.findOneByOrFail(Account, { id: actor.id });
    const rows = await this.database.manager.find(Notification, {
      where: { accountId: actor.id, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const views = rows.map(({ id, code, params, at }) => ({
      id,
      code,
      params,
      ...renderNotice(code, params, account.language as Language),
      at: formatInstant(at),
    }));
    return pageOf(views, limit);
  }

  /** The mail of a notice, in the language of the account. */
  async mail(notificationId: string): Promise<Mail> {
    const notice = await this.database.manager.findOneByOrFail(Notification, { id: notificationId });
    const account = await this.database.manager.findOneByOrFail(Account, { id: notice.accountId });
    const language = account.language as Language;
    const { subject, text } = renderNotice(notice.code, notice.params, language);
    const { tenderId } = notice.params;
    const page = typeof tenderId === 'string' ? `/tender/${encodeURIComponent(tenderId)}` : '/akun/pemberitahuan';
    const link = `${this.config.settings.PUBLIC_URL}${language === 'en' ? '/en' : ''}${page}`;
    return { to: account.email, subject, text: `${text}\n\n${link}\n` };
  }
}
