import { problemSchema, type ServiceConfig } from '@steward/platform';
import { z } from 'zod';
import type { ServiceClient } from '../proxy/service-client.js';
import { API_SERVICES, type ApiService } from '../routing/api-services.rules.js';
import { isPublished } from '../routing/route-table.rules.js';
import { mergeDocuments, type OpenApiDocument, type Part } from './merge.rules.js';
import { OWN_DOCUMENT } from './own-operations.js';
import { withRoles } from './own-roles.rules.js';

export type ApiDocumentOptions = Readonly<{
  version: string;
  issuer: ServiceConfig['oidc']['issuer'];
  /** How long a merged document is given out before the services are asked again. */
  freshMs: number;
  timeoutMs: number;
}>;

type Remembered = Readonly<{ text: string; untilMs: number }>;

const DESCRIPTION =
  'One address for all services. Errors are problem+json (RFC 9457); lists are paged by cursor; commands take an ' +
  'Idempotency-Key, changes an If-Match.';

/** The one OpenAPI document of the platform, merged from those of the services at the first demand and then again and again. */
export class ApiDocument {
  private readonly known = new Map<ApiService, OpenApiDocument>();
  private remembered: Remembered | null = null;
  private making: Promise<string> | null = null;

  constructor(
    private readonly client: ServiceClient,
    private readonly options: ApiDocumentOptions,
    private readonly nowMs: () => number,
  ) {}

  /** The document as JSON. A service that does not answer stands in it as it answered last, or is named as missing. */
  async text(): Promise<string> {
    if (this.remembered && this.remembered.untilMs > this.nowMs()) return this.remembered.text;
    this.making ??= this.make().finally(() => (this.making = null));
    return this.making;
  }

  private async make(): Promise<string> {
    const answered = await Promise.all(API_SERVICES.map((service) => this.ask(service)));
    const complete = answered.every((answer) => answer);
    const text = JSON.stringify(this.merge());
    // An incomplete document is worth asking again soon, but not for every reader.
    this.remembered = {
      text,
      untilMs: this.nowMs() + (complete ? this.options.freshMs : this.options.freshMs / 20),
    };
    return text;
  }

  private async ask(service: ApiService): Promise<boolean> {
    const answer = await this.client.ask(service, '/openapi.json', { timeoutMs: this.options.timeoutMs });
    if (
      answer.kind === 'none' ||
      answer.status !== 200 ||
      answer.body === null ||
      typeof answer.body !== 'object'
    ) {
      return false;
    }
    this.known.set(service, answer.body);
    return true;
  }

  private merge(): object {
    const parts: Part[] = [
      { service: 'gateway', document: withRoles(OWN_DOCUMENT, this.known), publishes: () => true },
      ...API_SERVICES.flatMap((service) => {
        const document = this.known.get(service);
        return document
          ? [{ service, document, publishes: (path: string) => isPublished(service, path) }]
          : [];
      }),
    ];
    const { paths, components, tags } = mergeDocuments(parts);
    const missing = API_SERVICES.filter((service) => !this.known.has(service));
    const securitySchemes = this.securitySchemes();
    const { Problem = problemJsonSchema(), ...schemas } = components.schemas ?? {};
    return {
      openapi: '3.1.0',
      info: { title: 'Steward', version: this.options.version, description: DESCRIPTION },
      servers: [{ url: '/', description: 'This gateway' }],
      security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
      tags,
      paths,
      components: { ...components, schemas: { Problem, ...schemas }, securitySchemes },
      ...(missing.length > 0 ? { 'x-missing-services': missing } : {}),
    };
  }

  private securitySchemes() {
    const openIdConnectUrl = `${this.options.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    return {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Access token of the issuer',
      },
      openId: { type: 'openIdConnect', openIdConnectUrl },
    };
  }
}

/** The schema of problems as a component; services bring the same one, but none may be there to ask. */
function problemJsonSchema(): object {
  const made = z.toJSONSchema(problemSchema) as { $defs?: Record<string, object> };
  const { id: _, ...schema } = { ...(made.$defs?.Problem ?? made) } as { id?: string };
  return schema;
}
