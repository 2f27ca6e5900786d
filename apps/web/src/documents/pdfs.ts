/** PDFs as answers: named, not made again when nothing changed, and a page where there can be none. */
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import type { Document } from './blocks.js';
import { nonePage } from './trouble-pages.js';
import { NoTypesetter, Typesetter } from './typesetter.js';

/** Public documents that are kept, each at most so large: who reloads one costs us nothing. */
const KEPT = 32;
const KEPT_BYTES = 1_000_000;

const TEMPLATES = path.join(import.meta.dirname, 'templates');

type How = {
  /** First part of the file's name. */
  readonly name: string;
  readonly tenderId: string;
  /** The same for everybody. */
  readonly shared: boolean;
};

@Injectable()
export class Pdfs {
  private readonly kept = new Map<string, Promise<Uint8Array>>();
  private look: string | undefined;

  constructor(private readonly typesetter: Typesetter) {}

  async answer(visitor: Visitor, document: Document, { name, tenderId, shared }: How): Promise<Buffer | Page> {
    const { reply } = visitor;
    const key = this.keyOf(document);
    // Erasures and later decisions may change a document: it is asked for again, and is not sent again.
    void reply.header('cache-control', shared ? 'public, no-cache' : 'private, no-store');
    if (shared) void reply.header('etag', `"${key}"`);
    if (shared && reply.request.headers['if-none-match'] === `"${key}"`) {
      void reply.code(304);
      return Buffer.alloc(0);
    }
    try {
      const bytes = await (shared ? this.keep(key, document) : this.typesetter.pdf(document));
      const file = `${name}-${slug(document.subject) || tenderId}.pdf`;
      void reply.header('content-type', 'application/pdf').header('content-disposition', `inline; filename="${file}"`);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      if (!(error instanceof NoTypesetter)) throw error;
      void reply.removeHeader('etag');
      return nonePage(visitor, tenderId);
    }
  }

  /** Of everything that decides the bytes. */
  private keyOf(document: Document): string {
    this.look ??= ['letterhead.typ', 'document.typ']
      .map((file) => readFileSync(path.join(TEMPLATES, file), 'utf8'))
      .join();
    return createHash('sha256').update(this.look).update(JSON.stringify(document)).digest('base64url').slice(0, 32);
  }

  /** The bytes; who asks while they are made waits for the same. */
  private keep(key: string, document: Document): Promise<Uint8Array> {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const making = this.typesetter.pdf(document);
    this.kept.set(key, making);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!);
    making.then(
      ({ length }) => length > KEPT_BYTES && this.kept.delete(key),
      () => this.kept.delete(key),
    );
    return making;
  }
}

/** A title as part of a file's name: letters of every keyboard, and not too many. */
export const slug = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
