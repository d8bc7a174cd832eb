import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Allow, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { READ_ROLES } from '../ticket/ticket.rules.js';
import {
  categoriesQuery,
  categoryDto,
  categoryPage,
  changeCategoryBody,
  defineCategoryBody,
  type CategoriesQuery,
  type CategoryDto,
  type ChangeCategoryBody,
  type DefineCategoryBody,
} from './category.dto.js';
import { CATEGORY_ROLES } from './category.rules.js';
import { CategoryService } from './category.service.js';

@ApiTags('tickets')
@Controller('api/v1/categories')
export class CategoryController {
  constructor(private readonly categories: CategoryService) {}

  @Post()
  @Allow(...CATEGORY_ROLES)
  @ApiOperation({ operationId: 'defineCategory', summary: "Add a category to the branch's list (TKT-05)" })
  @ApiResponse({ status: 201, standardSchema: categoryDto })
  define(
    @Ctx() ctx: CallContext,
    @Body({ schema: defineCategoryBody }) body: DefineCategoryBody,
  ): Promise<CategoryDto> {
    return this.categories.define(ctx, body);
  }

  @Patch(':id')
  @Allow(...CATEGORY_ROLES)
  @ApiOperation({ operationId: 'changeCategory', summary: 'Rename a category, or take it out of use' })
  @ApiResponse({ status: 200, standardSchema: categoryDto })
  change(
    @Ctx() ctx: CallContext,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: changeCategoryBody }) body: ChangeCategoryBody,
  ): Promise<CategoryDto> {
    return this.categories.change(ctx, id, body);
  }

  @Get()
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'listCategories', summary: 'Categories of the branches you work in' })
  @ApiResponse({ status: 200, standardSchema: categoryPage })
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: categoriesQuery }) query: CategoriesQuery,
  ): Promise<Page<CategoryDto>> {
    return this.categories.list(ctx, query);
  }
}
