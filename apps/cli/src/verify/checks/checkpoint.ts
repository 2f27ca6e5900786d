import type { LogSource } from '@segel/acts';
import { verifyCheckpoint, type ExaminedCheckpoint, type Policy } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import type { ReportWriter } from '../report.js';

export type CheckedCheckpoint = ExaminedCheckpoint & { readonly note: string };

/** The newest checkpoint is signed by a log of the policy and cosigned by its quorum. */
export async function checkpointCheck(
  writer: ReportWriter,
  source: LogSource,
  policy: Policy,
): Promise<CheckedCheckpoint | undefined> {
  let checked: CheckedCheckpoint | undefined;
  await writer.run('checkpoint', async (found) => {
    const note = await source.checkpoint();
    try {
      checked = { ...verifyCheckpoint(policy, note, verifyWithNode), note };
    } catch (error) {
      found.error('checkpoint_refused', `The checkpoint is refused: ${(error as Error).message}.`);
    }
  });
  return checked;
}
