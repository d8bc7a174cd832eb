import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { schemaConverter } from './http/openapi/schemas.js';
import { completeDocument } from './http/openapi/operations.js';

export type OpenApiInfo = Readonly<{
  title: string;
  description: string;
  version: string;
  /** The issuer of tokens; adds its discovery document as a way to sign in. Left out of committed documents. */
  issuer?: string;
}>;

/**
 * The OpenAPI 3.1 document of a Nest application: its routes with the zod schemas of their parameters and answers, and
 * what is true of every route (problems, security, Idempotency-Key, If-Match). The same code gives the same document.
 */
export function openApiDocument(app: INestApplication, info: OpenApiInfo): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(info.title)
    .setDescription(info.description)
    .setVersion(info.version)
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    standardSchemaConverter: schemaConverter(),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  return completeDocument(document, info.issuer);
}
