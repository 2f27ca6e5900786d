/** What was checked, one step after the other, as a person can follow it. */
import { NetworkError } from '@segel/acts';

export type StepName =
  | 'policy'
  | 'form'
  | 'leaf'
  | 'path'
  | 'log'
  | 'witnesses'
  | 'entry'
  | 'whole'
  | 'shown'
  | 'document'
  | 'earlier'
  | 'known'
  | 'promise'
  | 'kept';

export type FactName =
  | 'origin'
  | 'index'
  | 'size'
  | 'size_earlier'
  | 'entry_sha256'
  | 'commitment'
  | 'data_sha256'
  | 'leaf'
  | 'left'
  | 'right'
  | 'node'
  | 'root'
  | 'signer'
  | 'witness'
  | 'own_witness'
  | 'at'
  | 'document'
  | 'promised'
  | 'due';

/** A value that was computed or read; times are instants. */
export type Fact = readonly [name: FactName, value: string];

export type Step = {
  readonly name: StepName;
  readonly outcome: 'holds' | 'fails' | 'unreached';
  readonly facts: readonly Fact[];
  /** Of the program that failed it, in English. */
  readonly reason?: string;
};

/** What makes a proof worth less than it looks; `names` are witnesses. */
export type Doubt = {
  readonly code: 'quorum_none' | 'disjoint_quorums' | 'log_is_witness' | 'one_witness' | 'own_witnesses' | 'only_own';
  readonly names: string;
};

export type Examination = {
  /** `open`: nothing is wrong, and nothing proven yet. */
  readonly verdict: 'proven' | 'wrong' | 'open';
  readonly steps: readonly Step[];
  readonly doubts: readonly Doubt[];
  /** What the entry says, when it can be read. */
  readonly entry?: {
    readonly type: string;
    readonly at: string;
    readonly tenderId?: string;
    readonly index?: number;
    readonly body: string;
  };
};

class Unreached extends Error {}

/** A value that an earlier step should have given. */
export function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Unreached();
  return value;
}

export class Steps {
  readonly all: Step[] = [];

  /** What was not reached has either no part in the proof, or a step before it that failed. */
  get hold(): boolean {
    return this.all.every(({ outcome }) => outcome !== 'fails');
  }

  /** Runs one step; what it throws is the reason against it. Silence of the network is no such reason: it goes on. */
  async take<T>(
    name: StepName,
    work: (tell: (name: FactName, value: string) => void) => T | Promise<T>,
  ): Promise<T | undefined> {
    const facts: Fact[] = [];
    try {
      const done = await work((fact, value) => void facts.push([fact, value]));
      this.all.push({ name, outcome: 'holds', facts });
      return done;
    } catch (error) {
      if (error instanceof NetworkError) throw error;
      if (error instanceof Unreached) this.all.push({ name, outcome: 'unreached', facts });
      else this.all.push({ name, outcome: 'fails', facts, reason: (error as Error).message });
      return undefined;
    }
  }
}
