import { Injectable } from '@nestjs/common';
import { Persons } from '@steward/contracts';
import { Handles, type PersonalState } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(Persons, { repeat: 'writes the same state again', late: 'only the last state per person counts' })
export class CopyPersonWhenPersonStated {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, { key, value }: PersonalState<Persons>): Promise<void> {
    await this.copy.keepPerson(tx, key, value);
  }
}
