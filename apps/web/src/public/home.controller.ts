import { Controller, Get } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { homePage, howPage } from './home-pages.js';

/** How many tenders the front page shows. */
const SOON = 5;

@Controller(['', 'en'])
export class HomeController {
  @Get()
  async home(@Visit() visitor: Visitor): Promise<Page> {
    const query = { state: 'tendering', sort: 'deadline', limit: SOON } as const;
    const { items } = await visitor.api.call('get', '/api/tenders', { query });
    return homePage(visitor, items);
  }

  @Get('cara-ikut')
  how(@Visit() visitor: Visitor): Page {
    return howPage(visitor);
  }
}
