/** A receipt, checked without any network (protocol section 7). */
import { check, readBidReceipt } from '@segel/acts';
import { sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry } from '@segel/evidence';
import { blindedCommitment, blindedLeaf, clearLeaf, leafHash, readReceipt } from '@segel/tlog';
import { doubtsOf, takeLog, takePath, takePolicy, takeWitnesses } from './path.js';
import { need, Steps, type Examination } from './steps.js';

/** @param policyText whose word decides which log and which witnesses count */
export async function examineReceipt(text: string, policyText: string): Promise<Examination> {
  const steps = new Steps();
  const policy = await takePolicy(steps, policyText);
  const parts = await steps.take('form', (tell) => {
    const read = readReceipt(withFinalNewline(text));
    tell('index', String(read.index));
    return read;
  });
  const leaf = await steps.take('leaf', (tell) => {
    const { salt, entryBytes } = need(parts);
    tell('entry_sha256', toBase64(sha256(entryBytes)));
    const commitment = salt === undefined ? undefined : blindedCommitment(salt, entryBytes);
    if (commitment !== undefined) tell('commitment', toBase64(commitment));
    const data = commitment === undefined ? clearLeaf(entryBytes) : blindedLeaf(commitment);
    tell('data_sha256', toBase64(sha256(data)));
    tell('leaf', toBase64(leafHash(data)));
    return leafHash(data);
  });
  const checkpoint = await takeLog(steps, policy, () => need(parts).checkpoint);
  await takeWitnesses(steps, policy, checkpoint);
  await takePath(steps, parts?.index, leaf, () => need(parts).hashes, checkpoint);
  const entry = await steps.take('entry', () => {
    const decoded = decodeEntry(need(parts).entryBytes);
    check(verifyBodySignatures(decoded), 'receipt_invalid', 'a signature in the entry does not hold');
    return decoded;
  });
  // The same judge as the command line: what is shown above only explains its judgement.
  await steps.take('whole', () => {
    need(steps.hold ? true : undefined);
    readBidReceipt(withFinalNewline(text), need(policy));
  });
  return {
    verdict: steps.hold ? 'proven' : 'wrong',
    steps: steps.all,
    doubts: doubtsOf(policy, checkpoint),
    ...(entry === undefined ? {} : { entry: { ...saidBy(entry), index: need(parts).index } }),
  };
}

/** Fields for text give line ends of their own, and people lose the last one when they copy. */
const withFinalNewline = (text: string): string => `${text.replaceAll('\r\n', '\n').trim()}\n`;

export function saidBy({ type, at, tenderId, body }: Entry): NonNullable<Examination['entry']> {
  return {
    type,
    at: at.toISOString(),
    ...(tenderId === undefined ? {} : { tenderId }),
    body: JSON.stringify(body, null, 2),
  };
}
