/** Fewer bytes on the wire: text is compressed, and not sent again when nothing of it changed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const TEXT = /^(text\/|application\/(atom\+xml|json|problem\+json))/;

export function keepSmall(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !TEXT.test(String(reply.getHeader('content-type')))) return payload;
    void reply.header('vary', 'Accept-Encoding, Cookie');
    return unchanged(request, reply, payload) ? '' : compressed(request, reply, payload);
  });
}

function unchanged(request: FastifyRequest, reply: FastifyReply, payload: string): boolean {
  // What sets a cookie is said in whole.
  if (reply.statusCode !== 200 || reply.hasHeader('set-cookie')) return false;
  const tag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return false;
  void reply.code(304);
  return true;
}

async function compressed(request: FastifyRequest, reply: FastifyReply, payload: string): Promise<string | Buffer> {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const bytes = Buffer.from(payload);
  if (bytes.length < 500) return payload;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const [encoding, small] = /\bbr\b/.test(accepted)
    ? (['br', await brotli(bytes, quality)] as const)
    : /\bgzip\b/.test(accepted)
      ? (['gzip', await gzipped(bytes)] as const)
      : ([undefined, payload] as const);
  if (encoding !== undefined) void reply.header('content-encoding', encoding).removeHeader('content-length');
  return small;
}
