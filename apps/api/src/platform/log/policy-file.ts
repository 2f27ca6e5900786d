import { sha256 } from '@segel/encoding';
import { lintPolicy, notIndependent, parsePolicy, type Policy } from '@segel/tlog';
import { readFileSync } from 'node:fs';

/** The log's policy as configured: which witnesses must have seen a checkpoint before it is published. */
export class LogPolicy {
  readonly policy: Policy;
  readonly sha256: Uint8Array;
  /** True for the development default, whose witness is ours: said everywhere it matters. */
  readonly notIndependent: boolean;

  constructor(readonly text: string) {
    this.policy = parsePolicy(text);
    const error = lintPolicy(this.policy).find((finding) => finding.severity === 'error');
    if (error !== undefined) throw new Error(`The log's policy is refused: ${error.sentence}`);
    this.sha256 = sha256(new TextEncoder().encode(text));
    this.notIndependent = notIndependent(text);
  }

  /** Verifier keys of the log, one a line. */
  get vkeyText(): string {
    return this.policy.logs.map(({ key }) => `${key.vkey}\n`).join('');
  }

  static fromFile(file: string): LogPolicy {
    return new LogPolicy(readFileSync(file, 'utf8'));
  }
}
