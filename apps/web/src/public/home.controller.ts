import { Controller, Get, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import { SAMPLE_FIELD } from '../look/components-fields.js';
import { componentsPage } from '../look/components-page.js';
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

  @Get('komponen')
  components(@Visit() visitor: Visitor): Page {
    return componentsPage({ visitor });
  }

  /** Its form is refused whatever it brings: so people see how that looks. */
  @Post('komponen')
  @HttpCode(HttpStatus.UNPROCESSABLE_ENTITY)
  refusedSample(@Visit() visitor: Visitor): Page {
    return componentsPage({ visitor, wrong: { words: visitor.t('parts.form.wrong'), field: SAMPLE_FIELD } });
  }
}
