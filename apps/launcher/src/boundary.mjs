// `npm run boundary -- [--submissions 10000] [--connections 64] [--json FILE]`: test/boundary.spec.ts in full, on a PostgreSQL
// of its own.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { runProgram } from './paths.mjs';
import { startNode } from './processes.mjs';

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      submissions: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '64' },
      json: { type: 'string' },
    },
  });
  await ensureInstalled();
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const running = startNode(
    'boundary',
    [...jest, '--selectProjects', 'system', '--testPathPatterns', 'test/boundary.spec'],
    {
      env: {
        ...process.env,
        BOUNDARY_SUBMISSIONS: values.submissions,
        BOUNDARY_CONNECTIONS: values.connections,
        BOUNDARY_JSON: values.json === undefined ? '' : path.resolve(values.json),
      },
    },
  );
  const { code } = await running.exited;
  return typeof code === 'number' ? code : 1;
});
process.exit();
