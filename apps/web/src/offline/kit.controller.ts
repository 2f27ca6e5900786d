import { Controller, Get, Header, NotFoundException } from '@nestjs/common';
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
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="segel-luring.html"')
  async file(): Promise<string> {
    const kit = await builtKit();
    if (kit === undefined) throw new NotFoundException();
    // As text it goes compressed, in a third of its bytes.
    return kit.bytes.toString('utf8');
  }
}
