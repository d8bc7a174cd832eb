import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@steward/kernel';
import type { FastifyRequest } from 'fastify';
import type { CallContext } from '../context.js';

/** Who may call a route. Every route declares one; a route without is refused at boot. */
export type RouteAccess =
  | Readonly<{ kind: 'public' }>
  | Readonly<{ kind: 'authenticated' }>
  | Readonly<{ kind: 'roles'; roles: readonly Role[] }>;

/** The access of public routes that are registered on Fastify itself: `{ config: { access: publicAccess } }`. */
export const publicAccess: RouteAccess = { kind: 'public' };

const declare = (access: RouteAccess): MethodDecorator =>
  applyDecorators(RouteConfig({ access }), ApiExtension('x-access', access));

/** Anybody may call the route, without a token. */
export const Public = (): MethodDecorator => declare(publicAccess);

/**
 * Whoever holds one of the roles anywhere may call the route; the call's scope is made from exactly these bindings.
 * Routes that change something (POST, PUT, PATCH, DELETE) also get them as write scope (ORG-01).
 */
export const Allow = (...roles: [Role, ...Role[]]): MethodDecorator => declare({ kind: 'roles', roles });

/** Whoever has a good token may call the route, also without any role; the scope reads all bindings, writes none. */
export const AllowAuthenticated = (): MethodDecorator => declare({ kind: 'authenticated' });

/** The `CallContext` of the request, as a parameter of a controller's method. */
export const Ctx = createParamDecorator((_: unknown, host: ExecutionContext): CallContext | null => {
  return host.switchToHttp().getRequest<FastifyRequest>().callContext;
});
