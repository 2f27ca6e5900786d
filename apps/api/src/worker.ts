/** The worker process: deadlines, sequencing, publishing, mail. It listens on no port. */
import { createApplication } from './application.js';
import { Config, readSettings } from './platform/config/config.js';

const config = new Config({ ...readSettings(process.env), WORKER: 'inline' });
const app = await createApplication(config, ['error', 'warn', 'log']);
await app.init();
