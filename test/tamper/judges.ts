/** Everybody who may name a change, asked in this process. What they say about the untouched scene is no news. */
import { createHash } from 'node:crypto';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { parsePolicy } from '@segel/tlog';
import { Mirror } from '../../apps/cli/src/mirror/mirror.js';
import type { Report } from '../../apps/cli/src/verify/report.js';
import { verifyLog } from '../../apps/cli/src/verify/verify-log.js';
import { verifyTender } from '../../apps/cli/src/verify/verify-tender.js';
import { auditRows } from '../../apps/api/src/audit/row-audit.js';
import type { RowFinding } from '../../apps/api/src/audit/row-audit-rows.js';
import type { Judge, Named } from './change.js';
import type { Scene } from './scene.js';

export class Judges {
  readonly #known = new Map<Judge, ReadonlySet<string>>();
  #evidence = '';

  constructor(private readonly scene: Scene) {}

  /** What each says now is known from here on. Throws when somebody names an error of the untouched scene. */
  async agree(judges: readonly Judge[]): Promise<void> {
    this.#known.clear();
    this.#evidence = await this.evidence();
    for (const judge of judges) {
      const said = await this.hear(judge, true);
      if (said.length > 0) throw new Error(`${judge} names the untouched scene: ${JSON.stringify(said.slice(0, 5))}`);
      this.#known.set(judge, new Set());
    }
  }

  /** What a judge names. The verifier is asked about the rows only when what is published changed. */
  async ask(judge: Judge, onlyIfPublishedChanged: boolean): Promise<readonly Named[]> {
    if (judge === 'verifier' && onlyIfPublishedChanged && (await this.evidence()) === this.#evidence) return [];
    const said = await this.hear(judge, false);
    const known = this.#known.get(judge);
    return said.filter((named) => known?.has(keyOf(named)) !== true);
  }

  private async hear(judge: Judge, everything: boolean): Promise<readonly Named[]> {
    const { url, tenderId, policy, objects } = this.scene;
    if (judge === 'rows') return this.rows(everything);
    if (judge === 'verifier') return ofReport(judge, await verifyTender({ base: url, tenderId, policy }));
    if (judge === 'static log') return ofReport(judge, await verifyLog({ log: path.join(objects, 'log'), policy }));
    if (judge === 'mirror') return this.mirror();
    if (judge === 'start-up') return this.startUp();
    return [];
  }

  /** The audit of the rows, with every object when `everyObject`. */
  async rows(everyObject: boolean): Promise<readonly Named[]> {
    const { superuser, objects, policy, logOrigin } = this.scene;
    try {
      const { findings } = await auditRows({
        read: (sql) => superuser.query(sql),
        object: async (key) =>
          readFile(path.join(objects, key)).then(
            (bytes) => new Uint8Array(bytes),
            () => undefined,
          ),
        policy: parsePolicy(policy),
        logOrigin,
        everyObject,
      });
      return findings.map(ofRow);
    } catch (error) {
      return [{ by: 'rows', code: 'ended', place: '', sentence: (error as Error).message }];
    }
  }

  /** A mirror that was kept when the tender was over looks at the log again; a new one copies all of it. */
  private async mirror(): Promise<readonly Named[]> {
    const named: Named[] = [];
    for (const begun of [true, false]) {
      const folder = `${this.scene.mirror}-now`;
      await rm(folder, { recursive: true, force: true });
      if (begun) await cp(this.scene.mirror, folder, { recursive: true });
      try {
        const mirror = await Mirror.open({
          from: `${this.scene.url}/log`,
          folder,
          policy: parsePolicy(this.scene.policy),
        });
        await mirror.follow();
      } catch (error) {
        const { message, code = 'refused' } = error as Error & { readonly code?: string };
        named.push({
          by: 'mirror',
          code,
          place: begun ? 'the log after the kept checkpoint' : 'the log',
          sentence: message,
        });
      }
    }
    return named;
  }

  /** The server is started with its sequencer. It refuses, or raises an alarm. */
  private async startUp(): Promise<readonly Named[]> {
    let refused = '';
    try {
      await this.scene.restart('inline');
      await sleep(1500);
    } catch (error) {
      refused = (error as Error).message;
    }
    const said = `${refused}\n${this.scene.stack.api.said}`;
    const lines = said
      .split('\n')
      .filter((line) => /ALARM|altered|rewritten|older copy|lost its memory|does not hold/.test(line));
    return [...new Set(lines.map(plain))].slice(0, 20).map((sentence) => ({
      by: 'start-up' as const,
      code: refused === '' ? 'alarm' : 'refused',
      place: placeIn(sentence),
      sentence,
    }));
  }

  private async evidence(): Promise<string> {
    try {
      const response = await fetch(`${this.scene.url}/api/tenders/${this.scene.tenderId}/evidence`);
      return `${response.status} ${createHash('sha256')
        .update(await response.text())
        .digest('hex')}`;
    } catch (error) {
      return String(error);
    }
  }
}

function ofReport(by: Judge, { findings }: Report): readonly Named[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ check, code, sentence, where }) => ({
      by,
      code: `${check}/${code}`,
      place: Object.entries(where ?? {})
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
      sentence,
    }));
}

function ofRow({ table, row, columns, code, object, sentence }: RowFinding): Named {
  const of = columns === undefined ? '' : ` [${columns.join(', ')}]`;
  return { by: 'rows', code, place: object ?? `${table} ${row}${of}`, sentence };
}

function keyOf({ code, place }: Named): string {
  return `${code} ${place}`;
}

/** Without the logger's colours, process and time. */
function plain(line: string): string {
  return stripVTControlCharacters(line)
    .replace(/^.*?(ERROR|WARN|LOG)\s+/, '')
    .trim();
}

function placeIn(sentence: string): string {
  return /ALARM rows: (.*?):/.exec(sentence)?.[1] ?? sentence.slice(0, 60);
}
