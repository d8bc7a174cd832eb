import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../customer/customer.rules.js';
import {
  addContactBody,
  changeContactBody,
  contactDto,
  contactPage,
  contactsQuery,
  type AddContactBody,
  type ChangeContactBody,
  type ContactDto,
  type ContactsQuery,
} from './contact.dto.js';
import { ContactService } from './contact.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('customers')
@Controller('api/v1/customers/:customerId/contacts')
export class ContactController {
  constructor(private readonly contacts: ContactService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'addContact',
    summary: 'Somebody who speaks or signs for the customer (ACC-09)',
  })
  @Answers(201, contactDto)
  add(
    @Ctx() ctx: CallContext,
    @Param('customerId', recordId) customerId: string,
    @Body({ schema: addContactBody }) body: AddContactBody,
  ): Promise<ContactDto> {
    return this.contacts.add(ctx, customerId, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listContacts', summary: 'Contacts of a customer, past ones too' })
  @Answers(200, contactPage)
  list(
    @Ctx() ctx: CallContext,
    @Param('customerId', recordId) customerId: string,
    @Query({ schema: contactsQuery }) query: ContactsQuery,
  ): Promise<Page<ContactDto>> {
    return this.contacts.list(ctx, customerId, query);
  }

  @Patch(':id')
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'changeContact', summary: 'A new phone number, an end, a proof' })
  @Answers(200, contactDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('customerId', recordId) customerId: string,
    @Param('id', recordId) id: string,
    @Body({ schema: changeContactBody }) body: ChangeContactBody,
  ): Promise<ContactDto> {
    return this.contacts.change(ctx, customerId, id, body);
  }
}
