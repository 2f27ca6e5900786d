/** The program's own time, for acts that wait. */
import type { Pace } from '@segel/acts';
import { setTimeout as sleep } from 'node:timers/promises';

export const pace: Pace = { now: () => performance.now(), sleep: (ms) => sleep(ms) };
