// Writes the log policy of this compose file once: the log, and the one witness beside it, marked as not independent.
// An installation with real witnesses puts their policy into the volume instead; it is never overwritten.
import fs from 'node:fs/promises';
import { developmentPolicy } from '../apps/launcher/src/policy.mjs';

const { LOG_VKEY, LOG_POLICY_FILE, WITNESS_URL } = process.env;
const response = await fetch(`${WITNESS_URL}/vkey`);
if (!response.ok) throw new Error(`${WITNESS_URL}/vkey answers ${response.status}`);
const witnessKey = (await response.text()).trim();
const policy = developmentPolicy({ logKey: LOG_VKEY, witnessName: 'dev1', witnessKey, witnessUrl: WITNESS_URL });
await fs.writeFile(LOG_POLICY_FILE, policy, { flag: 'wx', mode: 0o644 }).catch((error) => {
  if (error.code !== 'EEXIST') throw error;
});
