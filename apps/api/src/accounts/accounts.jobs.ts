/** The mails of accounts, and the keys of revoked ones. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { Mailer } from '../platform/mailer/mailer.js';
import { AccountMails } from './account-mails.js';
import { RevocationService } from './revocation.service.js';

type MailPayload = { readonly tokenId: string } | { readonly knownAccountId: string };

@Injectable()
export class AccountsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    private readonly mails: AccountMails,
    private readonly revocations: RevocationService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<MailPayload>('account.mail', async (payload) => {
      const mail = await ('tokenId' in payload
        ? this.mails.link(payload.tokenId)
        : this.mails.known(payload.knownAccountId));
      if (mail !== undefined) await this.mailer.send(mail);
    });
    this.jobs.handle<{ keyId: string }>('account.key_revocation', ({ keyId }) =>
      this.revocations.revokeKeyOfRevoked(keyId),
    );
  }
}
