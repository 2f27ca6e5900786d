/** How much of submission is measured; the command line may choose the sizes of the surge and of the memory section. */
import type { Asked, Run } from '../scale.js';

/** So many vendors with a payload of so many bytes each. */
export type Crowd = { readonly vendors: number; readonly payloadBytes: number };

/** One size of bid, and how many are sent by each number of clients. */
export type Load = {
  readonly what: 'small' | 'large';
  readonly payloadBytes: number;
  readonly bids: ReadonlyMap<number, number>;
};

export type SubmitScale = {
  readonly repeats: number;
  readonly loads: readonly Load[];
  readonly surges: readonly Crowd[];
  /** The surge arrives in so many seconds before the deadline. */
  readonly withinS: number;
  /** Payloads of the memory section. */
  readonly memoryBytes: readonly number[];
  readonly sealingBytes: readonly number[];
  /** Parts of 8 MiB in the transfer section. */
  readonly transferParts: number;
};

export type SubmitRun = Run<SubmitScale>;

const MB = 1_000_000;
/** A price form of some hundred bytes: padding makes it the smallest bid there is. */
export const SMALLEST = 1_000;

const FULL: SubmitScale = {
  repeats: 3,
  loads: [
    {
      what: 'small',
      payloadBytes: SMALLEST,
      bids: new Map([
        [1, 100],
        [16, 500],
        [64, 640],
      ]),
    },
    {
      what: 'large',
      payloadBytes: 20 * MB,
      bids: new Map([
        [1, 5],
        [16, 48],
        [64, 64],
      ]),
    },
  ],
  surges: [
    { vendors: 1000, payloadBytes: MB },
    { vendors: 200, payloadBytes: 20 * MB },
  ],
  withinS: 60,
  memoryBytes: [MB, 64 * MB, 512 * MB, 4000 * MB],
  sealingBytes: [64 * MB, 1000 * MB],
  transferParts: 32,
};

const QUICK: SubmitScale = {
  repeats: 1,
  loads: [
    {
      what: 'small',
      payloadBytes: SMALLEST,
      bids: new Map([
        [1, 20],
        [16, 96],
      ]),
    },
    {
      what: 'large',
      payloadBytes: 20 * MB,
      bids: new Map([
        [1, 2],
        [16, 16],
      ]),
    },
  ],
  surges: [{ vendors: 100, payloadBytes: MB }],
  withinS: 8,
  memoryBytes: [MB, 32 * MB, 128 * MB],
  sealingBytes: [16 * MB, 128 * MB],
  transferParts: 4,
};

/** Reads `--surge 1000x1,200x20` (vendors x MB), `--within 60` (seconds), `--sizes 1,64,4000` (MB), `--rounds 3`, `--loads small`,
 *  `--clients 16,64`. Throws on what is not such a list. */
export function readScale({ quick, options }: Asked): SubmitScale {
  const usual = quick ? QUICK : FULL;
  const { surge, within, sizes, rounds, loads, clients } = options;
  return {
    ...usual,
    repeats: rounds === undefined ? usual.repeats : positive(rounds),
    loads: usual.loads
      .filter(({ what }) => loads === undefined || loads.split(',').includes(what))
      .map((load) => ({ ...load, bids: clients === undefined ? load.bids : only(load.bids, clients.split(',')) })),
    surges: surge === undefined ? usual.surges : surge.split(',').map(crowd),
    withinS: within === undefined ? usual.withinS : positive(within),
    memoryBytes: sizes === undefined ? usual.memoryBytes : sizes.split(',').map((size) => positive(size) * MB),
  };
}

function only(bids: Load['bids'], clients: readonly string[]): Load['bids'] {
  return new Map([...bids].filter(([count]) => clients.includes(String(count))));
}

function crowd(text: string): Crowd {
  const [vendors = '', megabytes = '', ...rest] = text.split('x');
  if (rest.length > 0) throw new Error(`${text} is not vendors x MB, e.g. 1000x1`);
  return { vendors: positive(vendors), payloadBytes: positive(megabytes) * MB };
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a whole number above zero`);
  return Number(text);
}

/** A size as the tables show it. */
export const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 10 * MB ? 2 : 0)} MB`;
