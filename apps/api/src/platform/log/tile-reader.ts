/** Hash tiles from the database: all that a proof asks for in one turn of the event loop, in one statement. */
import type { ReadTile } from '@segel/tlog';

type Query = <T>(sql: string, parameters: readonly unknown[]) => Promise<T[]>;
type Asked = {
  readonly level: number;
  readonly n: number;
  readonly resolve: (data: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
};
type Row = { readonly level: number; readonly n: number; readonly data: Buffer };

/** Reads tiles with these queries. A tile that is missing is an error of whoever asked for it. */
export function tileReader(query: Query): ReadTile {
  let waiting: Asked[] = [];
  const ask = async (asked: readonly Asked[]): Promise<void> => {
    try {
      const rows = await query<Row>(
        `SELECT level, n, data FROM unnest($1::smallint[], $2::bigint[]) AS asked (level, n)
         JOIN tlog.tile USING (level, n)`,
        [asked.map(({ level }) => level), asked.map(({ n }) => n)],
      );
      const found = new Map(rows.map(({ level, n, data }) => [`${level}/${n}`, data]));
      for (const { level, n, resolve, reject } of asked) {
        const data = found.get(`${level}/${n}`);
        if (data === undefined) reject(new Error(`tile ${level}/${n} is missing`));
        else resolve(data);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return async (level, n) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        process.nextTick(() => {
          const asked = waiting;
          waiting = [];
          void ask(asked);
        });
      }
      waiting.push({ level, n, resolve, reject });
    });
}
