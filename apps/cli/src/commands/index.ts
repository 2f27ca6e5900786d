import type { Command } from './command.js';
import { mirror, monitor, verifyFork } from './follow.js';
import { disclose } from './disclose.js';
import { attest, award, conflict, ready, release, signNotice } from './officials.js';
import { openerDrill, openerKey, openerRecover, openerRevoke } from './opener.js';
import { keygen, login, logout } from './people.js';
import { receiptVerify } from './receipt.js';
import { restore } from './restore.js';
import { kit, reconfirm, seal, submit, withdraw } from './vendor.js';
import { exportTender, verifyOneTender, verifyWholeLog } from './verify.js';

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  login,
  logout,
  keygen,
  kit,
  seal,
  submit,
  receiptVerify,
  withdraw,
  reconfirm,
  restore,
  disclose,
  openerKey,
  openerDrill,
  openerRevoke,
  openerRecover,
  ready,
  attest,
  release,
  signNotice,
  conflict,
  award,
  verifyWholeLog,
  verifyOneTender,
  verifyFork,
  exportTender,
  mirror,
  monitor,
];
