/** From the deadline to the minutes: close, attestation, release, opening. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, type LogReader } from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import { attestBox, proveReadiness, releaseShares } from '@segel/acts';
import { openLog } from '../log-reader.js';
import { eventually } from './eventually.js';
import type { Bidding } from './bidding.js';
import type { Player, Stage } from './cast.js';
import type { PublishedTender } from './publish.js';
import type { Troupe } from './stage.js';
import type { Timeline } from './timeline.js';

type Box = { readonly id: string; readonly lotId: string; readonly count: number };
type Minutes = {
  readonly lots: readonly {
    readonly bids?: readonly { readonly vendorName: string; readonly total?: string; readonly outcome: string }[];
  }[];
};

/** The openers prove, before the deadline, that they still hold the keys of this tender. */
export async function proveAll(troupe: Troupe, tender: PublishedTender, tell: Timeline): Promise<void> {
  await troupe.preparer.api.post(`/api/tenders/${tender.id}/readiness`);
  for (const opener of tender.openers) await proveReadiness(opener.api, opener.keys, opener.id);
  tell.step('openers', 'all proved that they can open their wraps');
}

export async function open(
  stage: Stage,
  troupe: Troupe,
  tender: PublishedTender,
  bidding: Bidding,
  tell: Timeline,
): Promise<void> {
  const log = async (): Promise<LogReader> =>
    openLog(stage.api.url, parsePolicy((await stage.api.text('/log/policy')) ?? ''));
  await tooEarly(stage, tender, tell);
  const wait = Date.parse(tender.terms.deadlineAt) - Date.now();
  if (wait > 0) {
    tell.step('everybody', `waits ${(wait / 1000).toFixed(0)} s for the deadline`);
    await sleep(wait + 50);
  }
  await bidding.latecomer();
  const boxes = await eventually('the close', async () => {
    const listed = await stage.api.list<Box>(`/api/tenders/${tender.id}/boxes`);
    return listed.length === tender.terms.lots.length ? listed : undefined;
  });
  for (const { lotId, count } of boxes) {
    const expected = bidding.bids.filter((bid) => bid.lotId === lotId).length;
    tell.check(count === expected, `the box of lot ${lotNumber(tender, lotId)} is closed and holds ${count} bids`);
  }
  for (const box of boxes) {
    const attested = await eventually('the attestation', async () =>
      attestBox(troupe.auditor.api, troupe.auditor.keys, { tenderId: tender.id, boxId: box.id, log: await log() }),
    );
    tell.step('auditor', `opened ${attested.opened} entries of the period and attested the box of ${attested.count}`);
  }
  for (const box of boxes) await release(box, tender, log, tell);
  const minutes = await eventually('the opening', async () => {
    const found = await stage.api.get<Minutes>(`/api/tenders/${tender.id}/opening`);
    return found.lots.length === boxes.length ? found : undefined;
  });
  for (const { vendorName, total, outcome } of minutes.lots.flatMap((lot) => lot.bids ?? [])) {
    tell.step(
      'minutes',
      `${vendorName}: ${outcome}${total === undefined ? '' : `, ${total} ${tender.terms.currency}`}`,
    );
  }
}

async function tooEarly(stage: Stage, tender: PublishedTender, tell: Timeline): Promise<void> {
  const minutes = await stage.api.get<Minutes>(`/api/tenders/${tender.id}/opening`).catch((error: unknown) => error);
  tell.check(minutes instanceof ApiProblem, 'before the deadline there is nothing to see of the bids');
}

function lotNumber(tender: PublishedTender, lotId: string): number {
  return tender.terms.lots.findIndex(({ id }) => id === lotId) + 1;
}

/** Two openers of each group: the second of one group first, so that no order is needed. */
async function release(
  box: Box,
  tender: PublishedTender,
  log: () => Promise<LogReader>,
  tell: Timeline,
): Promise<void> {
  const [a, b, , d, , f] = tender.openers as readonly [Player, Player, Player, Player, Player, Player];
  for (const opener of [b, f, d, a]) {
    const released = await eventually('the release', async () =>
      releaseShares(opener.api, opener.keys, {
        now: new Date(),
        tenderId: tender.id,
        boxId: box.id,
        openerId: opener.id,
        log: await log(),
      }),
    );
    tell.step('opener', `${opener.name} (${released.group}) released the shares of ${released.bids} bids`);
  }
}
