/** `npm run audit:storage`: reads every stored object that a row names and compares it with its name, as the server does
 *  every night; what it finds is recorded the same way. It ends with 1 when something is damaged or missing. `--json` for
 *  programs. */
import { createApplication } from './application.js';
import { Config, readSettings } from './platform/config/config.js';
import { StorageAudits } from './storage/storage-audits.js';
import { StoredObjects } from './storage/stored-objects.js';

const config = new Config({ ...readSettings(process.env), WORKER: 'off' });
const app = await createApplication(config, ['error', 'warn']);
await app.init();
try {
  const audits = app.get(StorageAudits);
  const all = await app.get(StoredObjects).count();
  const show = process.stderr.isTTY && !process.argv.includes('--json');
  let reading = audits.begin();
  for (let next = await audits.next(reading); next !== undefined; next = await audits.next(reading)) {
    reading = next;
    const { checked, bytes } = reading;
    if (show) process.stderr.write(`\r\u001b[K${checked} of ${all} objects, ${Math.round(bytes / 2 ** 20)} MiB`);
  }
  if (show) process.stderr.write('\n');
  await audits.complete(reading);
  const { checked, bytes, damaged, missing } = reading;
  if (process.argv.includes('--json')) console.log(JSON.stringify({ checked, bytes, damaged, missing }));
  else console.log(`${checked} objects, ${bytes} bytes: ${missing} missing, ${damaged} damaged.`);
  process.exitCode = damaged + missing === 0 ? 0 : 1;
} finally {
  await app.close();
}
