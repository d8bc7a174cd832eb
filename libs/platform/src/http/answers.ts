import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/**
 * Documents what a route answers: status, zod schema (none for 204) and a short description. It does not check or
 * change answers, so it costs nothing per request.
 */
export function Answers(status: number, schema?: z.ZodType, description = ''): MethodDecorator {
  return ApiResponse({ status, description, ...(schema ? { standardSchema: schema } : {}) });
}
