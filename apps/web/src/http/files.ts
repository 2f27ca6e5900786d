/** Forms with files: read whole, one small file at a time, and only from people who are signed in. */
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Sessions } from './sessions.js';

/** What the API takes as one document. */
const FILE_LIMIT = 8 * 1024 * 1024;
const FIELDS = 60;

/** A file of a form, as it came. Its name and type are the sender's words. */
export type FormFile = {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

export async function takeFiles(server: FastifyInstance, sessions: Sessions): Promise<void> {
  server.addHook('onRequest', async (request, reply) => {
    // Strangers have nothing to send: they would only fill our memory.
    const hasFiles = request.headers['content-type']?.startsWith('multipart/') === true;
    if (hasFiles && sessions.token(request.raw) === undefined) await reply.redirect('/masuk', 303);
  });
  await server.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fileSize: FILE_LIMIT, files: 1, fields: FIELDS, fieldSize: 64 * 1024, parts: FIELDS + 1 },
    async onFile(part) {
      const bytes = new Uint8Array(await part.toBuffer());
      const file: FormFile = { fileName: part.filename, mediaType: part.mimetype, bytes };
      Object.assign(part, { value: bytes.length === 0 ? undefined : file });
    },
  });
}

/** The file that a form brought under a name; undefined when none was chosen. */
export function fileOf(form: Readonly<Record<string, unknown>>, name: string): FormFile | undefined {
  const value = form[name];
  const isFile = typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;
  return isFile ? (value as FormFile) : undefined;
}
