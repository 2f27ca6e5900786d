/** `witness`: starts one from the environment and runs until it is told to stop. */
import { readConfig } from './config.js';
import { armFailpoint } from './failpoint.js';
import { startWitness } from './server.js';

async function main(): Promise<void> {
  armFailpoint(process.env);
  const options = readConfig(process.env);
  const witness = await startWitness(options);
  const lines = [`witness ${options.name}`, `vkey    ${witness.vkey}`, `address ${witness.url}`];
  process.stdout.write(`${[...lines, ...options.logs.map((vkey) => `watches ${vkey}`)].join('\n')}\n`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void witness.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A launcher that is killed cannot stop its children, but its end of the pipe closes.
  if (process.env.WITNESS_WATCH_STDIN === '1') process.stdin.on('close', stop).on('end', stop).resume();
}

main().catch((error: unknown) => {
  process.stderr.write(`witness: ${(error as Error).message}\n`);
  process.exit(1);
});
