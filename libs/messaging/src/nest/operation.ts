import { ApiOperation } from '@nestjs/swagger';

/** Names a route that every service has: `listTicketsParked`. */
export const Operation = (verb: string, service: string, noun: string, summary: string): MethodDecorator =>
  ApiOperation({ operationId: verb + service.charAt(0).toUpperCase() + service.slice(1) + noun, summary });
