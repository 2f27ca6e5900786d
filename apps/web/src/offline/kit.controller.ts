import { Controller, Get, Header, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { builtKit, type Coding } from './kit-file.js';
import { kitPage } from './kit-page.js';

const CODINGS: readonly Coding[] = ['br', 'gzip'];

@Controller(['alat-segel', 'en/alat-segel'])
export class KitController {
  @Get()
  async page(@Visit() visitor: Visitor): Promise<Page> {
    const [kit, { items }] = await Promise.all([builtKit(), visitor.api.call('get', '/api/clients')]);
    return kitPage(visitor, kit, items);
  }

  /** To be saved, not opened here: with the origin of the server it would have more than it has from a disk. */
  @Get('segel-luring.html')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="segel-luring.html"')
  @Header('vary', 'Accept-Encoding')
  async file(@Req() { headers }: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const kit = await builtKit();
    if (kit === undefined) throw new NotFoundException();
    const tag = `W/"${kit.hex}"`;
    void reply.header('etag', tag);
    if (headers['if-none-match'] === tag) {
      void reply.code(304);
      return Buffer.alloc(0);
    }
    const accepted = String(headers['accept-encoding'] ?? '');
    const coding = CODINGS.find((one) => new RegExp(`\\b${one}\\b`).test(accepted));
    if (coding === undefined) return kit.bytes;
    void reply.header('content-encoding', coding);
    return kit.compressed[coding];
  }
}
