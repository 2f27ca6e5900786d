import { ENTRY_TYPES } from './entry.js';
import type { Field, Shape } from './schema.js';

function fieldText(field: Field): string {
  switch (field.kind) {
    case 'optional':
      return `${fieldText(field.of)}?`;
    case 'list':
      return `[${fieldText(field.of)}]`;
    case 'record':
      return `{${shapeText(field.fields)}}`;
    case 'word':
      return field.oneOf.join('\\|');
    case 'bytes':
      return `bytes${field.length}`;
    case 'text':
    case 'id':
    case 'instant':
    case 'integer':
    case 'boolean':
    case 'decimal':
      return field.kind;
  }
}

function shapeText(shape: Shape): string {
  return Object.entries(shape)
    .map(([name, field]) => `${name}: ${fieldText(field)}`)
    .join(', ');
}

/** The catalogue as a Markdown table: type, form, when the public may read it, what it says, its body. */
export function documentation(): string {
  const rows = Object.entries(ENTRY_TYPES).map(
    ([name, { form, disclosure, sentence, signatures = 0, body }]) =>
      `| \`${name}\` | ${form} | ${disclosure.replaceAll('_', ' ')} | ${sentence}${signatures > 0 ? ` Signed (${signatures}).` : ''} | ${shapeText(body)} |`,
  );
  return ['| Type | Form | Public | Says | Body |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
