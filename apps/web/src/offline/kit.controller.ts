import { Controller, Get, Header, NotFoundException, StreamableFile } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { builtKit } from './kit-file.js';
import { kitPage } from './kit-page.js';

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
  async file(): Promise<StreamableFile> {
    const kit = await builtKit();
    if (kit === undefined) throw new NotFoundException();
    const disposition = 'attachment; filename="segel-luring.html"';
    return new StreamableFile(kit.bytes, { type: 'text/html; charset=utf-8', disposition, length: kit.bytes.length });
  }
}
