/** A JSON document and bytes that belong to it, in one body: four bytes say how long the document is (big-endian), then
 *  it comes, then the bytes up to the end. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

export const FRAMED = 'application/vnd.segel.framed';
const LENGTH_BYTES = 4;

const attached = new WeakMap<FastifyRequest['raw'], Uint8Array>();

/** The bytes that came with the request's document, or undefined when it came as plain JSON. */
export function attachmentOf(request: FastifyRequest): Uint8Array | undefined {
  return attached.get(request.raw);
}

/** Configuration of a route that takes such a body. */
export const TAKES_FRAMED = { framed: true } as const;

/** Lets routes with {@link TAKES_FRAMED} take such a body besides JSON. Others refuse it before it is read. */
export function acceptFramed(server: FastifyInstance, limits: { readonly json: number; readonly bytes: number }): void {
  const json = server.getDefaultJsonParser('error', 'error');
  server.addHook('onRequest', (request, _reply, done) => {
    const { framed } = request.routeOptions.config as { readonly framed?: boolean };
    const sent = request.headers['content-type']?.startsWith(FRAMED) === true;
    done(sent && framed !== true ? Object.assign(new Error('Only JSON here.'), { statusCode: 415 }) : undefined);
  });
  const bodyLimit = LENGTH_BYTES + limits.json + limits.bytes;
  server.addContentTypeParser(FRAMED, { parseAs: 'buffer', bodyLimit }, (request, body: Buffer, done) => {
    const length = body.length < LENGTH_BYTES ? Infinity : body.readUInt32BE(0);
    const end = LENGTH_BYTES + length;
    if (end > body.length || length > limits.json || body.length - end > limits.bytes) {
      done(Object.assign(new Error('The body is not a document and its bytes.'), { statusCode: 400 }));
      return;
    }
    attached.set(request.raw, body.subarray(end));
    void json(request, body.toString('utf8', LENGTH_BYTES, end), done);
  });
}
