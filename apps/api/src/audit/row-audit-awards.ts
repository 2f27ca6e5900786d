/** The committee, its findings and signatures, the result and the award as the entries say they are. */
import { canonicalize } from '@segel/encoding';
import type { ExpectedBids } from './row-audit-bids.js';
import type { Act } from './row-audit-log.js';
import type { ExpectedPeople } from './row-audit-people.js';
import { ExpectedTable, type Row } from './row-audit-rows.js';

export class ExpectedAwards {
  readonly declaration = new ExpectedTable('conflict_declaration');
  readonly finding = new ExpectedTable('finding');
  readonly signature = new ExpectedTable('evaluation_signature');
  readonly evaluation = new ExpectedTable('evaluation');
  readonly award = new ExpectedTable('award');

  constructor(
    private readonly people: ExpectedPeople,
    private readonly bids: ExpectedBids,
  ) {}

  get tables(): readonly ExpectedTable[] {
    return [this.declaration, this.finding, this.signature, this.evaluation, this.award];
  }

  take(act: Act): void {
    const { entry, at, index } = act;
    const body = entry.body as Row;
    const lotId = entry.lotId ?? (body['lot_id'] as string | undefined) ?? '';
    const type: string = entry.type;
    switch (type) {
      case 'evaluation.conflict_declared':
        this.declared(act);
        return;
      case 'evaluation.score_committed':
        this.finding.add(
          { bid_id: body['bid_id']!, evaluator_id: body['account_id']! },
          { tender_id: entry.tenderId!, lot_id: lotId, [FINDING]: body['finding_sha256']!, found_at: at },
          index,
        );
        return;
      case 'evaluation.consensus':
        this.signature.add(
          { lot_id: lotId, evaluator_id: entry.actor.id, result_sha256: body['sha256']! },
          { key: entry.bodySig![0]!.key, sig: entry.bodySig![0]!.sig, signed_at: at },
          index,
        );
        return;
      case 'evaluation.completed':
        this.completed(act, lotId);
        return;
      case 'award.intended':
        this.intended(act, lotId);
        return;
      case 'award.standstill_ended':
        this.award.find({ lot_id: lotId })?.set({ standstill_ended_at: at }, index);
        return;
      case 'award.decided':
        this.award.find({ lot_id: lotId })?.set({ decided_by: entry.actor.id, decided_at: at }, index);
        return;
      default:
    }
  }

  private declared({ entry, at, index }: Act): void {
    const { account_id: account, conflict } = entry.body as Row;
    const [signature] = entry.bodySig!;
    this.declaration.add(
      { tender_id: entry.tenderId!, account_id: account!, declared_at: at },
      { conflict: conflict!, body: canonicalize(entry.body), key: signature!.key, sig: signature!.sig },
      index,
    );
  }

  private completed({ entry, at, index }: Act, lotId: string): void {
    const result = entry.body['result_sha256'] as string;
    const able = this.able(entry.tenderId!);
    const signers = this.signature.filter(
      ({ key }) =>
        key['lot_id'] === lotId && key['result_sha256'] === result && able.includes(String(key['evaluator_id'])),
    );
    this.evaluation.add(
      { lot_id: lotId },
      {
        tender_id: entry.tenderId!,
        result,
        result_sha256: result,
        committee: canonicalize(able.toSorted()),
        completed_by: signers.at(-1)?.key['evaluator_id'] ?? null,
        completed_at: at,
      },
      index,
    );
  }

  /** Who is assigned to evaluate now, has declared, and has no conflict. */
  private able(tenderId: string): readonly string[] {
    return this.people.role
      .filter(({ key, cells }) => key['tender_id'] === tenderId && key['role'] === 'evaluator' && !cells['revoked_at'])
      .map(({ key }) => String(key['account_id']))
      .filter((id) => {
        const own = this.declaration.filter(({ key }) => key['tender_id'] === tenderId && key['account_id'] === id);
        return own.length > 0 && own.every(({ cells }) => cells['conflict'] === false);
      });
  }

  private intended({ entry, at, index }: Act, lotId: string): void {
    const { bid_commitment: bid, vendor_id: vendor, amount, currency, standstill_end: end } = entry.body as Row;
    this.award.add(
      { lot_id: lotId },
      {
        tender_id: entry.tenderId!,
        bid_id: this.bids.byCommitment(bid as string) ?? null,
        vendor_id: vendor!,
        amount: amount!,
        currency: currency!,
        intended_by: entry.actor.id,
        intended_at: at,
        standstill_end_at: end!,
        standstill_ended_at: null,
        decided_by: null,
        decided_at: null,
      },
      index,
    );
  }
}

/** The columns of a finding that its committed hash is over. */
export const FINDING = 'admitted, criterion_id, evidence, reason';
