// The log policy of one machine (C2SP tlog-policy): the log, and one witness that the same person runs.

/** Removes what would end a line or a word of the policy early. */
function word(text, what) {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error(`${what} is not one word: ${JSON.stringify(text)}`);
  return text;
}

/**
 * The policy text. Its comments are shown by the server, the receipt check and at start: a witness run by the operator
 * proves nothing against the operator.
 */
export function developmentPolicy({ logKey, witnessName, witnessKey, witnessUrl }) {
  const name = word(witnessName, 'witness name');
  return [
    `# not-independent: ${name}`,
    '# The witness below runs on the same machine and by the same hand as the log. It exercises the protocol and proves',
    '# nothing against the operator. A real tender needs witnesses of other organisations here, and a quorum of them.',
    `log ${word(logKey, 'log key')}`,
    `witness ${name} ${word(witnessKey, 'witness key')} ${word(witnessUrl, 'witness address')}`,
    `quorum ${name}`,
    '',
  ].join('\n');
}

/** The witnesses that a policy's comments call not independent. */
export const notIndependent = (policy) =>
  policy.split('\n').flatMap(
    (line) =>
      /^# not-independent:(.*)$/
        .exec(line)?.[1]
        .trim()
        .split(/[\s,]+/) ?? [],
  );
