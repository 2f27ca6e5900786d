/** How far a tender is, from its rows. */
import type { Database } from '../platform/database/database.js';
import type { LotStage, Stage } from './disclosure.js';

/** The stage of a tender; of one that is not published, version 0. */
export async function stageOf(database: Database, tenderId: string, everything = false): Promise<Stage> {
  const [published] = await database.query<{ version: number | null; documents: readonly string[] | null }>(
    `SELECT max(p.version) AS version, array_agg(DISTINCT d ->> 'id') FILTER (WHERE d IS NOT NULL) AS documents
     FROM tender_publication p JOIN tender_version v ON v.tender_id = p.tender_id AND v.version = p.version
     LEFT JOIN LATERAL jsonb_array_elements(v.content -> 'documents') d ON true
     WHERE p.tender_id = $1`,
    [tenderId],
  );
  return {
    lots: await lotStages(database, tenderId),
    version: published?.version ?? 0,
    documents: new Set(published?.documents),
    everything,
  };
}

/** Lots with what happened to them. A lot that failed in its evaluation shows it as an announced award does. */
async function lotStages(database: Database, tenderId: string): Promise<readonly LotStage[]> {
  return database.query<LotStage>(
    `SELECT l.id, l.state,
       EXISTS (SELECT FROM box x JOIN opening o ON o.box_id = x.id WHERE x.lot_id = l.id AND o.completed_at IS NOT NULL) AS opened,
       EXISTS (SELECT FROM award a WHERE a.lot_id = l.id)
         OR (l.state = 'failed' AND EXISTS (SELECT FROM evaluation e WHERE e.lot_id = l.id)) AS intended,
       EXISTS (SELECT FROM award a WHERE a.lot_id = l.id AND a.decided_at IS NOT NULL) AS decided
     FROM lot l WHERE l.tender_id = $1 ORDER BY l.id`,
    [tenderId],
  );
}
