/** The HTTP process; with WORKER=inline it also runs the sequencer, the publisher and the jobs. */
import { createApplication } from './application.js';
import { Config, readSettings } from './platform/config/config.js';

const config = new Config(readSettings(process.env));
const app = await createApplication(config, ['error', 'warn', 'log']);
await app.listen({ port: config.settings.HTTP_PORT, host: config.settings.HTTP_HOST });

if (config.settings.WATCH_STDIN === '1') {
  // Whoever started us holds the other end: when it dies, however hard, we stop too.
  process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM'));
}
