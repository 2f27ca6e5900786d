// What tests outside of the launcher may use of it. Types: index.d.mts.
export { acquireLock } from './lock.mjs';
export { isInstalled, checkNode } from './ensure-installed.mjs';
export { openDataDir, removeDataDir } from './data-dir.mjs';
export { loadSecrets } from './secrets.mjs';
export { developmentPolicy, notIndependent } from './policy.mjs';
export { startEmbeddedPostgres } from './embedded-postgres.mjs';
export { freePort, isFree } from './ports.mjs';
export { startStack } from './stack.mjs';
export { webEnv } from './web.mjs';
