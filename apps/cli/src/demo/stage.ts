import os from 'node:os';
import path from 'node:path';
import { ApiClient } from '../api-client.js';
import { prepareCast, type Player, type Stage } from './cast.js';
import { OFFICIALS, enter } from './cast.js';

/** Everybody who plays, signed in. */
export type Troupe = {
  readonly operators: readonly [Player, Player];
  readonly preparer: Player;
  readonly approver: Player;
  readonly awardAuthority: Player;
  readonly auditor: Player;
  readonly openers: readonly Player[];
  readonly evaluators: readonly Player[];
};

/** The stage of a demonstration, from the environment that the launcher gives. */
export function openStage(env: NodeJS.ProcessEnv = process.env): Stage {
  const folder = env['SEGEL_DATA'] ?? path.join(os.tmpdir(), 'segel');
  return {
    api: new ApiClient({ url: env['SEGEL_URL'] ?? 'http://localhost:3000' }),
    mailFolder: env['MAIL_FOLDER'] ?? path.join(folder, 'mail'),
    keyFolder: path.join(folder, 'demo-keys'),
    usedTokens: new Set(),
    sessions: new Map(),
  };
}

/** Signs everybody in, making accounts and organisations where they are missing. */
export async function assemble(stage: Stage): Promise<Troupe> {
  const operators = await prepareCast(stage);
  const players = await Promise.all(OFFICIALS.map(({ email }) => enter(stage, email)));
  const withRole = (role: string): readonly Player[] => players.filter((_, i) => OFFICIALS[i]?.role === role);
  const only = (role: string): Player => {
    const [player] = withRole(role);
    if (player === undefined) throw new Error(`nobody plays ${role}`);
    return player;
  };
  return {
    operators,
    preparer: only('preparer'),
    approver: only('approver'),
    awardAuthority: only('award_authority'),
    auditor: only('auditor'),
    openers: withRole('opener'),
    evaluators: withRole('evaluator'),
  };
}
