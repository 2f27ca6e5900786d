import { ENTRY_TYPES, type EntryTypeName } from './entry.js';
import { isKept } from './erasure.js';
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

function erasable(name: EntryTypeName): string {
  if (ENTRY_TYPES[name].form === 'clear') return 'never';
  return isKept(name) ? 'after retention' : 'yes';
}

/** The catalogue as a Markdown table: type, form, when the public may read it, from when it may be erased, what it
 *  says, its body. */
export function documentation(): string {
  const rows = Object.entries(ENTRY_TYPES).map(
    ([name, { form, disclosure, sentence, signatures = 0, body }]) =>
      `| \`${name}\` | ${form} | ${disclosure.replaceAll('_', ' ')} | ${erasable(name as EntryTypeName)} | ${sentence}${signatures > 0 ? ` Signed (${signatures}).` : ''} | ${shapeText(body)} |`,
  );
  return ['| Type | Form | Public | Erasable | Says | Body |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
