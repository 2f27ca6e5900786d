const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` of a date or of milliseconds since 1970 (protocol section 2). */
export function formatInstant(at: Date | number): string {
  const text = new Date(at).toISOString();
  if (!INSTANT.test(text)) throw new Error('instant is outside the years 0000 to 9999');
  return text;
}

/** The date of an instant in the one accepted form. Throws on any other form and on dates that do not exist. */
export function parseInstant(text: string): Date {
  const at = new Date(text);
  if (!INSTANT.test(text) || Number.isNaN(at.getTime()) || at.toISOString() !== text) {
    throw new Error(`${JSON.stringify(text)} is not an instant of the form YYYY-MM-DDTHH:MM:SS.mmmZ`);
  }
  return at;
}
