/** Sections 6 and 8: a receipt from a large log, how long it takes and how large it is. */
import { toBase64 } from '@segel/encoding';
import {
  addSignatures,
  cosign,
  formatReceipt,
  logKeyOf,
  parseNote,
  parsePolicy,
  readReceipt,
  verifyReceipt,
  witnessKeyOf,
  type SigningKey,
} from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { fillTree } from './big-tree.js';
import { Child } from './child.js';
import type { Cluster } from './databases.js';
import type { ProofTimes } from './proof-process.js';
import { figure, percentileFigure, type Figure } from './report.js';
import type { Run } from './scale.js';

const key = (name: string): SigningKey => ({ name, seed: randomBytes(32) });
const LOG = key('procurement.example/log');
const DEVELOPMENT = key('dev1.localhost/0a1b2c3d');
/** The shape of the production default: two groups of three (protocol section 7). */
const STATE = ['audit.example/witness', 'competition.example/witness', 'treasury.example/witness'].map(key);
const CIVIL = ['transparency.example/witness', 'press.example/witness', 'university.example/witness'].map(key);

const TARGET_BYTES = 2_500;

/** Fills a tree, asks a fresh process for receipts of it, and weighs one. */
export async function proofs(cluster: Cluster, run: Run): Promise<readonly Figure[]> {
  const database = await cluster.database();
  try {
    run.say(`filling a tree of ${run.scale.leaves} leaves`);
    const { leaves, signed } = await fillTree(database.url, run.scale.leaves, run.scale.proofs, {
      log: LOG,
      witness: DEVELOPMENT,
    });
    const { ms, cpuMs, receipt } = await ask(database.url, leaves);
    const load = `${run.scale.leaves.toLocaleString('en')} leaves`;
    const measured = { section: 6, what: 'receipt with inclusion proof, cold', load, unit: 'ms', raw: ms.slice(1) };
    run.say(`${ms.length} receipts, the first in ${ms[0]!.toFixed(1)} ms`);
    return [
      percentileFigure(measured, 0.5, { atMost: 2.5 }),
      percentileFigure(measured, 0.99),
      figure({ ...measured, what: 'the first receipt of a process', raw: ms.slice(0, 1) }),
      figure({ ...measured, what: 'processor time of a receipt in the server', raw: [cpuMs] }),
      ...sizes(receipt, signed, load),
    ];
  } finally {
    await database.drop();
  }
}

async function ask(url: string, leaves: readonly string[]): Promise<ProofTimes> {
  const secret = toBase64(randomBytes(32));
  const child = Child.start('test/bench/proof-process.js', {
    NODE_ENV: 'development',
    DATABASE_URL: url,
    LOG_SIGNER_SEED: secret,
    PROMISE_SEED: secret,
    TOKEN_SECRET: secret,
  });
  child.process.send(leaves);
  return child.message<ProofTimes>();
}

function sizes(receipt: string, signed: string, load: string): readonly Figure[] {
  const development = `log ${logKeyOf(LOG).vkey}\n${witnessLine('w1', DEVELOPMENT)}quorum w1\n`;
  const measured = (what: string, text: string, policy: string, note?: string): Figure => {
    verifyReceipt(text, parsePolicy(policy));
    const raw = [new TextEncoder().encode(text).length];
    return figure({ section: 8, what, load, unit: 'bytes', raw, ...(note && { note }) }, { atMost: TARGET_BYTES });
  };
  const seconds = Math.floor(Date.now() / 1000);
  const lines = [...STATE, ...CIVIL].map((witness) => cosign(parseNote(signed).text, seconds, witness));
  const cosigned = (count: readonly string[]): string =>
    formatReceipt({ ...readReceipt(receipt), checkpoint: addSignatures(signed, count) });
  const quorum = [lines[0]!, lines[1]!, lines[3]!, lines[4]!];
  return [
    measured('receipt of a bid, development policy', receipt, development, '1 cosignature'),
    measured('receipt of a bid, production policy', cosigned(lines), productionPolicy(), 'all 6 cosign'),
    measured('receipt of a bid, production policy', cosigned(quorum), productionPolicy(), 'quorum of 4'),
  ];
}

const witnessLine = (name: string, witness: SigningKey): string => `witness ${name} ${witnessKeyOf(witness).vkey}\n`;

function productionPolicy(): string {
  const named = (group: string, witnesses: readonly SigningKey[]): string => {
    const names = witnesses.map((_, i) => `${group}${i + 1}`);
    return `${witnesses.map((witness, i) => witnessLine(names[i]!, witness)).join('')}group ${group} 2 ${names.join(' ')}\n`;
  };
  return `log ${logKeyOf(LOG).vkey}\n${named('state', STATE)}${named('civil', CIVIL)}group both all state civil\nquorum both\n`;
}
