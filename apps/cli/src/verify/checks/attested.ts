/** An auditor who opened every entry of the period found the box complete, before the first share was released; of a box
 *  without a bid to open, before its opening. */
import type { Findings } from '../report.js';
import type { Box, TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

export function attestedCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes) {
    const where = { entry: box.index, lot: box.lotId };
    const released = view.ofBox(box, 'opening.share_released', 'opening.authorised')[0];
    const attested = view.ofBox(box, 'box.attested').filter((entry) => isOfBox(view, box, entry, found));
    const inTime = attested.some(({ index }) => released === undefined || index < released.index);
    if (view.noticeAt(box.index)?.entry.body['attestation_required'] === false) {
      if (!inTime)
        found.warn(
          'attestation_waived',
          'The rule pack waives the attestation of the box, and nobody attested it.',
          where,
        );
    } else if (released !== undefined && !inTime) {
      found.error('not_attested', 'Shares were released though no auditor had attested the box.', where);
    } else if (!inTime) {
      found.cannot(`completeness of lot ${box.lotId}`, 'no auditor has attested the box yet');
    }
  }
}

function isOfBox(view: TenderView, box: Box, { index, entry }: LogEntry, found: Findings): boolean {
  const { body, bodySig } = entry;
  const where = { entry: index, lot: box.lotId };
  if (body['box_idx'] !== box.index || body['set_root'] !== box.setRoot || body['cut_size'] !== box.cutSize) {
    found.error('attestation_mismatch', 'An attestation is of another box than the one that was closed.', where);
    return false;
  }
  if (view.keys.holder(bodySig?.[0]?.key, index)?.kind !== 'auditor') {
    found.error('attestation_signer', 'An attestation is not signed by a key that an auditor had registered.', where);
    return false;
  }
  return true;
}
