import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { Audit } from './audit.service.js';
import { AuditedActors } from './audited-actors.js';
import { RowAudit } from './row-audit.service.js';

@Module({ controllers: [AuditController], providers: [Audit, AuditedActors, RowAudit] })
export class AuditModule {}
