import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { AccountMails } from './account-mails.js';
import { AccountsJobs } from './accounts.jobs.js';
import { AccountsReads } from './accounts.reads.js';
import { Bootstrap } from './bootstrap.js';
import { ColleaguesController } from './colleagues.controller.js';
import { ColleaguesService } from './colleagues.service.js';
import { InvitationService } from './invitation.service.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { Links } from './links.js';
import { PasswordService } from './password.service.js';
import { Argon2 } from './argon2.js';
import { Passwords } from './passwords.js';
import { RegistrationService } from './registration.service.js';
import { RevocationService } from './revocation.service.js';
import { SessionsController } from './sessions.controller.js';
import { SignInService } from './sign-in.service.js';

@Module({
  controllers: [AccountsController, SessionsController, KeysController, ColleaguesController],
  providers: [
    AccountsReads,
    RegistrationService,
    SignInService,
    PasswordService,
    InvitationService,
    ColleaguesService,
    RevocationService,
    KeysService,
    Links,
    Argon2,
    Passwords,
    AccountMails,
    AccountsJobs,
    Bootstrap,
  ],
})
export class AccountsModule {}
