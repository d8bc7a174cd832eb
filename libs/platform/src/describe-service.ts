import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from './openapi.js';
import { ServiceModule, type ServiceParts } from './service.module.js';
import type { ServiceDefinition } from './service.js';

/**
 * The OpenAPI document of a service without starting it: nothing is connected, made or listened to. For the committed
 * `openapi.json`, which therefore needs no database to be checked.
 */
export async function describeService(
  definition: Pick<ServiceDefinition, 'module' | 'openapi' | 'version'>,
): Promise<OpenAPIObject> {
  class Described {}
  // Nothing is made in a preview, so nobody meets the parts that are missing here.
  const shared = ServiceModule.forRoot({} as ServiceParts);
  const app = await NestFactory.create(
    { module: Described, imports: [shared, definition.module] },
    new FastifyAdapter(),
    { preview: true, abortOnError: false, logger: ['error', 'fatal'] },
  );
  return openApiDocument(app, { ...definition.openapi, version: definition.version });
}
