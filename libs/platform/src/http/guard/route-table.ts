import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RouteAccess } from '../access.js';

type Route = Readonly<{ method: string; url: string; options: RouteOptions }>;

/** A route as it is registered, with `:name` for its parameters. */
export type DeclaredRoute = Readonly<{ method: string; url: string; access: RouteAccess | undefined }>;

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('\\*', '.*'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

/** Every route of a service: for the boot check of declared access, and to tell 405 from 404. */
export class RouteTable {
  private readonly routes: Route[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', (options) => {
      for (const method of [options.method].flat()) this.routes.push({ method, url: options.url, options });
    });
  }

  /** The methods that an address takes, sorted; empty when there is nothing at it. */
  methodsAt(path: string): string[] {
    const fitting = this.routes.filter((route) => patternOf(route.url).test(path));
    return [...new Set(fitting.map((route) => route.method))].sort();
  }

  /** Every route with who may call it. */
  get declared(): DeclaredRoute[] {
    return this.routes.map(({ method, url, options }) => ({ method, url, access: options.config?.access }));
  }

  /** Whether some route needs to know the caller's grants. */
  get needsGrants(): boolean {
    return this.routes.some((route) => route.options.config?.access?.kind === 'roles');
  }

  /** Throws naming every route that does not say who may call it. */
  checkAccess(): void {
    const open = this.routes.filter((route) => !route.options.config?.access && route.method !== 'HEAD');
    if (open.length === 0) return;
    const names = open.map((route) => `${route.method} ${route.url}`).join(', ');
    throw new Error(`routes without @Allow, @AllowAuthenticated or @Public: ${names}`);
  }
}
