import { Injectable } from '@nestjs/common';
import { partnerSample, withoutPersons } from '@steward/contracts';
import type { CallContext } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { SUBSCRIBABLE } from '../log/subscribable.js';
import type { EventTypesDto } from './catalogue.dto.js';

/** What a partner may subscribe to. The whole catalogue is at `/events` and `/asyncapi.json` of the gateway (PTR-04). */
@Injectable()
export class CatalogueService {
  constructor(private readonly grants: GrantBook) {}

  async granted(ctx: CallContext): Promise<EventTypesDto> {
    const { grants } = await this.grants.of(ctx.actor.id);
    const items = SUBSCRIBABLE.flatMap((event) => {
      const covering = grants.filter(({ eventTypes }) => eventTypes.includes(event.type));
      if (covering.length === 0) return [];
      const kept = new Set(covering.flatMap(({ personalFields }) => personalFields));
      const sample = partnerSample(event);
      const { type, title, description } = event;
      const reducedSample = { ...sample, data: withoutPersons(sample['data'], kept) };
      return [{ type, title, description, personalFields: [...kept], sample: reducedSample }];
    });
    return { items };
  }
}
