// `npm start`: install what is missing, build, start everything on this machine, and stop it again with Ctrl-C.
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { loadDotEnv, runProgram } from './paths.mjs';
import { seedWhenEmpty } from './seed.mjs';
import { askedToStop } from './signals.mjs';
import { startStack } from './stack.mjs';

function announce(stack) {
  console.log(`\nSegel is running at ${stack.publicUrl}   (data in ${stack.paths.dataDir})`);
  console.log(
    `The interface is described at ${stack.publicUrl}/api/docs, the public log begins at ${stack.publicUrl}/log/checkpoint.`,
  );
  if (stack.witness)
    console.log(
      'The log is witnessed by dev1 only, which runs here: it is NOT independent and proves nothing against the operator.',
    );
  console.log('Ctrl-C stops everything; the data stays.');
}

async function start() {
  const asked = askedToStop();
  await ensureInstalled();
  loadDotEnv();
  await build();
  const starting = startStack({ say: console.log, web: true });
  const early = await Promise.race([asked, starting]);
  const stack = await starting;
  if (early !== stack) return stack.stop();
  const seeding = seedWhenEmpty(stack).then(() => announce(stack));
  const end = await Promise.race([asked, stack.died, seeding.then(() => Promise.race([asked, stack.died]))]).catch(
    (error) => ({ error }),
  );
  console.log(end.signal ? '\nStopping …' : '');
  seeding.catch(() => undefined);
  await stack.stop();
  if (end.error) throw end.error;
  if (end.signal) return 0;
  console.error(`segel: the ${end.name} ended by itself (${end.code}); everything was stopped.`);
  return 1;
}

await runProgram(start);
process.exit();
