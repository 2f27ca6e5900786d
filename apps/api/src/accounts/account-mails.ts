/** What the mails of accounts say, to whom, in which language. */
import { formatInstant } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import type { Mail } from '../platform/mailer/mailer.js';
import { AccountToken } from './account-token.entity.js';
import { Account } from './account.entity.js';
import { Links } from './links.js';
import { MAIL_PAGES, MAIL_WORDS, ROLE_WORDS, type AccountMail, type Language } from './mail-words.js';
import { Organisation } from './organisation.entity.js';
import { Vendor } from '../vendors/vendor.entity.js';

@Injectable()
export class AccountMails {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The mail of a one-use link; undefined when it holds no longer. */
  async link(tokenId: string): Promise<Mail | undefined> {
    const token = await this.database.manager.findOneBy(AccountToken, { id: tokenId });
    if (token === null || token.confirmedAt === null || token.usedAt !== null) return undefined;
    if (token.expiresAt <= this.clock.now()) return undefined;
    const until = `${formatInstant(token.expiresAt).slice(0, 16).replace('T', ' ')} UTC`;
    const account = await this.database.manager.findOneBy(Account, { email: token.email });
    const query = `?token=${this.links.text(token)}`;
    const organisation = await this.invitedTo(token);
    const kind = token.vendorId === null ? (token.purpose as AccountMail) : 'colleague';
    return this.mail(kind, token.email, account?.language, query, (text, language) =>
      text
        .replace('{role}', () => ROLE_WORDS[token.role ?? '']?.[language] ?? '')
        .replace('{until}', () => until)
        .replace('{organisation}', () => organisation),
    );
  }

  private async invitedTo({ organisationId, vendorId }: AccountToken): Promise<string> {
    const { manager } = this.database;
    if (vendorId !== null) return (await manager.findOneByOrFail(Vendor, { id: vendorId })).name;
    if (organisationId === null) return '';
    return (await manager.findOneByOrFail(Organisation, { id: organisationId })).name;
  }

  async known(accountId: string): Promise<Mail> {
    const account = await this.database.manager.findOneByOrFail(Account, { id: accountId });
    return this.mail('known', account.email, account.language, '', (text) => text);
  }

  /** Whose language is not known yet gets both. */
  private mail(
    kind: AccountMail,
    to: string,
    language: string | undefined,
    query: string,
    fill: (text: string, language: Language) => string,
  ): Mail {
    const languages: readonly Language[] = language === 'id' || language === 'en' ? [language] : ['id', 'en'];
    const words = languages.map((l) => {
      const link = `${this.config.settings.PUBLIC_URL}${l === 'en' ? '/en' : ''}${MAIL_PAGES[kind]}${query}`;
      const { subject, text } = MAIL_WORDS[kind][l];
      return { subject, text: fill(text, l).replace('{link}', () => link) };
    });
    return {
      to,
      subject: words.map(({ subject }) => subject).join(' / '),
      text: `${words.map(({ text }) => text).join('\n\n---\n\n')}\n`,
    };
  }
}
