/** Terms as they are stored and frozen, and what they must agree with. */
import { fromDocument, toBase64, toDocument } from '@segel/encoding';
import type { FrozenDocument, TenderTerms } from '@segel/procurement';
import { demand, freezeDocument, Refusal } from '@segel/procurement';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { Organisation } from '../accounts/organisation.entity.js';
import { TermsDto } from './terms.dto.js';
import { TenderFile } from './tender-document.entity.js';

export type FrozenTerms = FrozenDocument & { readonly content: TenderTerms };

/** The terms as plain data and as the canonical document whose hash is signed.
 *  @throws Refusal `request_malformed` on text that neither a database nor a document can hold */
export function frozenTerms(terms: TermsDto | TenderTerms): FrozenTerms {
  let frozen: FrozenDocument;
  try {
    frozen = freezeDocument(terms);
  } catch {
    throw new Refusal('request_malformed', 'A text of the terms is not well-formed Unicode.');
  }
  demand(!JSON.stringify(frozen.document).includes('\\u0000'), 'request_malformed', 'A text holds a NUL character.');
  return { ...frozen, content: fromDocument<TenderTerms>(toDocument(terms)) };
}

/** Holds terms that did not come through a request to the same shape as those that did. */
export function demandShape(terms: TenderTerms): void {
  const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true };
  const [error] = validateSync(plainToInstance(TermsDto, terms), options);
  if (error === undefined) return;
  throw new Refusal('request_malformed', `The imported terms are not usable: ${sentence(error)}.`);
}

function sentence(error: ValidationError): string {
  const [child] = error.children ?? [];
  if (child !== undefined) return `${error.property}.${sentence(child)}`;
  return Object.values(error.constraints ?? {})[0] ?? error.property;
}

/** Terms name the buyer as it is registered, and files as they are stored.
 *  @throws Refusal `not_found`, `terms_invalid` */
export async function demandAgreement(
  manager: EntityManager,
  tender: { readonly id: string; readonly buyerId: string },
  terms: TenderTerms,
): Promise<void> {
  const buyer = await manager.findOneBy(Organisation, { id: tender.buyerId, kind: 'buyer' });
  demand(buyer, 'not_found', 'There is no such buyer.');
  const same = terms.buyer.id === buyer.id && terms.buyer.name === buyer.name;
  demand(same, 'terms_invalid', 'The terms name another buyer, or by another name.', { path: 'buyer' });
  if (terms.documents.length === 0) return;
  const files = new Map((await manager.findBy(TenderFile, { tenderId: tender.id })).map((file) => [file.id, file]));
  terms.documents.forEach((document, i) => {
    const file = files.get(document.id);
    const agrees =
      file !== undefined &&
      toBase64(file.sha256) === document.sha256 &&
      file.sizeBytes === document.sizeBytes &&
      file.mediaType === document.mediaType &&
      file.fileName === document.fileName;
    demand(agrees, 'terms_invalid', 'A document of the terms is not a stored file of this tender.', {
      path: `documents[${i}]`,
    });
  });
}
