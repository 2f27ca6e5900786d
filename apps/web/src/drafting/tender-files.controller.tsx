import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { fileOf, type FormFile } from '../http/files.js';
import { Visit, type Visitor } from '../http/visitor.js';
import { FileField } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Choice, Field, Note, Table } from '../look/parts.js';
import { loadForChange, saveTerms } from './draft.js';
import { TermsForm, tenderPageOf, typed, type Editing } from './fields.js';
import { RemoveButton } from './part-items.js';

/** OCDS documentType. */
const KINDS = [
  'biddingDocuments',
  'technicalSpecifications',
  'billOfQuantity',
  'contractDraft',
  'eligibilityCriteria',
  'illustration',
] as const;

const OFFICE = 'application/vnd.openxmlformats-officedocument';
/** By the ending of the name: what browsers say about a file differs from one to the next. */
const TYPES = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  zip: 'application/zip',
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  txt: 'text/plain',
  csv: 'text/csv',
} as const;
type MediaType = (typeof TYPES)[keyof typeof TYPES];
const ACCEPT = Object.keys(TYPES)
  .map((ending) => `.${ending}`)
  .join(',');

/** The files of a tender: stored first, then named by the terms. */
@Controller(['', 'en'])
export class TenderFilesController {
  @Get('kerja/paket/:tenderId/dokumen')
  async page(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return documentsPage({ visitor, draft: await loadForChange(visitor, tenderId), done: done === '1' });
  }

  @Post('kerja/paket/:tenderId/dokumen')
  @HttpCode(200)
  async change(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const draft = await loadForChange(visitor, tenderId);
    const editing: Editing = { visitor, draft, form };
    const { terms } = draft;
    const removed = text(form, 'remove');
    const added = removed === '' ? await add(editing, form) : undefined;
    if (added !== undefined && 'wrong' in added) {
      if (visitor.reply.statusCode < 400) void visitor.reply.status(422);
      return documentsPage({ ...editing, wrong: added.wrong });
    }
    const documents =
      added === undefined ? terms.documents.filter(({ id }) => id !== removed) : [...terms.documents, added.done];
    const refused = await saveTerms(visitor, draft, form, { ...terms, documents });
    if (refused !== undefined) return documentsPage({ ...editing, wrong: refused.wrong });
    return seeOther(visitor, `/kerja/paket/${tenderId}/dokumen?selesai=1`);
  }
}

async function add({ visitor, draft }: Editing, form: Form) {
  const { t, api } = visitor;
  const file = fileOf(form, 'file');
  const wrong = (words: string, field: string): { readonly wrong: Wrong } => ({ wrong: { words, field } });
  if (file === undefined) return wrong(t('drafting.file.none'), 'file');
  const mediaType = typeOf(file);
  if (mediaType === undefined) return wrong(t('drafting.file.type', { list: ACCEPT.replaceAll(',', ' ') }), 'file');
  const title = text(form, 'title');
  if (title === '' || title.length > 250) return wrong(t('drafting.title.wrong', { n: 250 }), 'title');
  const kind = KINDS.find((one) => one === text(form, 'kind')) ?? 'biddingDocuments';
  // Somebody who works on an old version is told before a file is stored for nothing.
  if (Number(text(form, 'version')) !== draft.approval.version) return wrong(t('drafting.file.version'), 'title');
  const query = { kind, title, fileName: file.fileName.slice(-200), mediaType };
  const path = { tenderId: draft.tender.id };
  const stored = await attempt(visitor, () =>
    api.call('post', '/api/tenders/{tenderId}/documents', { path, query, bytes: file.bytes }),
  );
  return 'wrong' in stored ? wrong(t('drafting.file.refused', { why: stored.wrong.words }), 'file') : stored;
}

const typeOf = ({ fileName }: FormFile): MediaType | undefined => {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(TYPES, ending) ? TYPES[ending as keyof typeof TYPES] : undefined;
};

function documentsPage(editing: Editing): Page {
  const { visitor, draft } = editing;
  const { t, f } = visitor;
  const { documents } = draft.terms;
  const around = { title: t('drafting.task.dokumen'), lead: t('drafting.task.dokumen.lead') };
  if (draft.mode === 'fixed')
    return tenderPageOf(editing, { ...around, children: <Note tone="warn">{t('drafting.fixed')}</Note> });
  const children = (
    <>
      {documents.length === 0 ? (
        <p>{t('drafting.documents.none')}</p>
      ) : (
        <TermsForm editing={editing} path="dokumen" id="documents" silent>
          <Table
            label={t('tender.documents')}
            columns={[{ name: t('tender.document') }, { name: t('tender.file') }, { name: t('drafting.change') }]}
            rows={documents.map(({ id, title, fileName, sizeBytes }) => ({
              key: id,
              cells: [
                <a href={`/api/tenders/${draft.tender.id}/documents/${id}`}>{title}</a>,
                `${fileName}, ${f.bytes(sizeBytes)}`,
                <RemoveButton editing={editing} id={id} what={title} />,
              ],
            }))}
          />
        </TermsForm>
      )}
      <TermsForm editing={editing} path="dokumen" id="add" files>
        <h2>{t('drafting.document.add')}</h2>
        <Field
          name="title"
          label={t('drafting.document.title')}
          hint={t('drafting.document.hint')}
          value={typed(editing, 'title', '')}
          required
        />
        <Choice
          name="kind"
          label={t('drafting.kind')}
          value={typed(editing, 'kind', 'biddingDocuments')}
          options={KINDS.map((kind) => [kind, t(`drafting.document.${kind}`)] as const)}
        />
        <FileField name="file" label={t('drafting.file')} hint={t('drafting.file.hint')} accept={ACCEPT} />
      </TermsForm>
    </>
  );
  return tenderPageOf(editing, { ...around, children });
}
