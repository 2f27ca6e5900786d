/** `npm run audit:rows`: compares every row, and every stored object, with the log, and says where they part. It writes
 *  nothing; it ends with 1 when something differs. `--json` for programs. */
import { createApplication } from './application.js';
import { findingText, RowAudit } from './audit/row-audit.service.js';
import { Config, readSettings } from './platform/config/config.js';

const config = new Config({ ...readSettings(process.env), WORKER: 'off' });
const app = await createApplication(config, ['error', 'warn']);
await app.init();
try {
  const report = await app.get(RowAudit).report(true);
  const { entries, tables, findings } = report;
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else {
    for (const finding of findings) console.log(findingText(finding));
    console.log(`${tables} tables, ${entries} entries: ${findings.length} finding(s).`);
  }
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  await app.close();
}
