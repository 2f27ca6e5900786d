/** Writes the OpenAPI document to the file named. Nothing is connected to and nothing listens: only what the controllers declare is read. */
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeFileSync } from 'node:fs';
import { AppModule } from './app.module.js';
import { createAdapter, openApiDocument } from './application.js';
import { Config, readSettings } from './platform/config/config.js';

const seed = Buffer.alloc(32).toString('base64');
const settings = readSettings({ DATABASE_URL: 'none:', TOKEN_SECRET: seed, LOG_SIGNER_SEED: seed, PROMISE_SEED: seed });
const config = new Config(settings);
const options = { preview: true, logger: false, abortOnError: false } as const;
const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config), options);
writeFileSync(process.argv[2]!, JSON.stringify(openApiDocument(app)));
process.exit();
