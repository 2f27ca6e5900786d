/** The mailer port: SMTP in production, a folder of `.eml` files and a line on the console in development. */
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport, type Transporter } from 'nodemailer';

export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

export abstract class Mailer {
  /** Hands the mail over; it is not lost when this resolves. */
  abstract send(mail: Mail): Promise<void>;
}

export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.transport = createTransport(url);
  }

  override async send(mail: Mail): Promise<void> {
    await this.transport.sendMail({ from: this.from, ...mail });
  }
}

export class FolderMailer extends Mailer {
  private readonly logger = new Logger('Mail');
  private readonly transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {
    super();
  }

  override async send(mail: Mail): Promise<void> {
    const { message } = (await this.transport.sendMail({ from: this.from, ...mail })) as unknown as { message: Buffer };
    await mkdir(this.folder, { recursive: true });
    const name = `${Date.now()}-${randomUUID()}`;
    const temporary = path.join(this.folder, `.${name}`);
    await writeFile(temporary, message, { mode: 0o600 });
    await rename(temporary, path.join(this.folder, `${name}.eml`));
    // The subject only: who gets mail about which tender is nobody's business who can read the console.
    this.logger.log(`mail in ${this.folder}: ${mail.subject}`);
  }
}
