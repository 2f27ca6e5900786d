/** Text of at most `max` UTF-16 code units, cut between characters and ended with an ellipsis; the cut is noted. */
export function trimmed(text: string, max: number, what: string, notes: string[]): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  notes.push(`${what} is shortened to ${max} characters.`);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
