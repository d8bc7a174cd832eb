import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { STAFF } from '../access.js';
import { EmployeeErasureService } from './employee-erasure.service.js';
import { EmployeeQueryService } from './employee-query.service.js';
import {
  changeEmployeeBody,
  employeeDto,
  employeePage,
  employeesQuery,
  legalHoldBody,
  personalDataDto,
  reasonBody,
  registerEmployeeBody,
  type ChangeEmployeeBody,
  type EmployeeDto,
  type EmployeesQuery,
  type LegalHoldBody,
  type PersonalDataDto,
  type ReasonBody,
  type RegisterEmployeeBody,
} from './employee.dto.js';
import { ERASERS, HOLDERS, KNOWS_PHONES, PERSONNEL } from './employee.rules.js';
import { EmployeeService } from './employee.service.js';

const employeeId = { schema: z.uuid() };

@ApiTags('organisation')
@Controller('api/v1/employees')
export class EmployeeController {
  constructor(
    private readonly employees: EmployeeService,
    private readonly queries: EmployeeQueryService,
    private readonly erasure: EmployeeErasureService,
  ) {}

  @Post()
  @Allow(...PERSONNEL)
  @ApiOperation({ operationId: 'registerEmployee', summary: 'Register somebody who works for a unit' })
  @Answers(201, employeeDto)
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerEmployeeBody }) body: RegisterEmployeeBody,
  ): Promise<EmployeeDto> {
    return this.employees.register(ctx, body);
  }

  @Get()
  @Allow(...STAFF)
  @ApiOperation({
    operationId: 'listEmployees',
    summary: 'Staff of your branches and whoever holds a role in them',
  })
  @Answers(200, employeePage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: employeesQuery }) query: EmployeesQuery,
  ): Promise<Page<EmployeeDto>> {
    return this.queries.list(ctx, query);
  }

  @Get(':id')
  @Allow(...STAFF)
  @ApiOperation({ operationId: 'getEmployee', summary: 'One employee, the phone number masked (ORG-03)' })
  @Answers(200, employeeDto)
  get(@Ctx() ctx: CallContext, @Param('id', employeeId) id: string): Promise<EmployeeDto> {
    return this.queries.get(ctx, id);
  }

  @Get(':id/personal-data')
  @Allow(...KNOWS_PHONES)
  @ApiOperation({
    operationId: 'readPersonalData',
    summary: 'Name and phone in full; the reading is logged (ORG-03)',
  })
  @Answers(200, personalDataDto)
  personalData(@Ctx() ctx: CallContext, @Param('id', employeeId) id: string): Promise<PersonalDataDto> {
    return this.queries.personalData(ctx, id);
  }

  @Patch(':id')
  @Allow(...PERSONNEL)
  @ApiOperation({ operationId: 'changeEmployee', summary: 'Correct a name or a phone number' })
  @Answers(200, employeeDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', employeeId) id: string,
    @Body({ schema: changeEmployeeBody }) body: ChangeEmployeeBody,
  ): Promise<EmployeeDto> {
    return this.employees.change(ctx, id, body);
  }

  @Post(':id/legal-hold')
  @HttpCode(200)
  @Allow(...HOLDERS)
  @ApiOperation({
    operationId: 'holdEmployee',
    summary: 'Stop every erasure of the record, or lift the stop (ORG-04)',
  })
  @Answers(200, employeeDto)
  hold(
    @Ctx() ctx: CallContext,
    @Param('id', employeeId) id: string,
    @Body({ schema: legalHoldBody }) body: LegalHoldBody,
  ): Promise<EmployeeDto> {
    return this.employees.hold(ctx, id, body);
  }

  @Post(':id/erasure')
  @HttpCode(200)
  @Allow(...ERASERS)
  @ApiOperation({
    operationId: 'eraseEmployee',
    summary: 'Erase the personal values here and in every copy (ORG-04)',
  })
  @Answers(200, employeeDto)
  erase(
    @Ctx() ctx: CallContext,
    @Param('id', employeeId) id: string,
    @Body({ schema: reasonBody }) body: ReasonBody,
  ): Promise<EmployeeDto> {
    return this.erasure.erase(ctx, id, body);
  }
}
