import { Controller, Get, Header, Param } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { roomPage } from './room-page.js';
import { roomOf, roomState, type RoomState } from './room-state.js';

/** The opening room, for everybody. */
@Controller(['tender', 'en/tender'])
export class RoomController {
  @Get(':tenderId/pembukaan')
  async room(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    return roomPage(visitor, await roomOf(visitor, tenderId));
  }

  @Get(':tenderId/pembukaan.json')
  @Header('cache-control', 'private, no-cache')
  async state(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<RoomState> {
    return roomState(visitor, await roomOf(visitor, tenderId));
  }
}
