import { GatewayClient } from '../../oracle/gateway-client.js';

/** Who takes part in the journey, each with rights of their own. */
const PEOPLE = {
  clerk: 'eb1.clerk',
  supervisor: 'eb1.engineering-supervisor',
  engineer: 'eb1.engineer',
  headquarters: 'hq.admin',
} as const;

export type Role = keyof typeof PEOPLE | 'partner';
export type Cast = Readonly<Record<Role, GatewayClient>>;

export type Stage = Readonly<{
  gateway: string;
  /** an access token for a login; without one for the partner's machine client */
  token: (login: string | null) => Promise<string>;
  /** of the one trace that every request belongs to: 32 hexadecimal digits */
  traceId: string;
  /** is told who asked what, and the status of the answer */
  asked?: (who: Role, request: string, status: number) => void;
}>;

/** Signs everybody in once, when first needed, and again when a token was refused. */
export function castOf({ gateway, token, traceId, asked }: Stage): Cast {
  const client = (who: Role, login: string | null): GatewayClient => {
    let kept: Promise<string> | undefined;
    return new GatewayClient({
      gateway,
      token: (fresh) => (kept = fresh || !kept ? token(login) : kept),
      headers: { traceparent: `00-${traceId}-${traceId.slice(0, 16)}-01` },
      answered: (method, path, status) => asked?.(who, `${method} ${path}`, status),
    });
  };
  return {
    clerk: client('clerk', PEOPLE.clerk),
    supervisor: client('supervisor', PEOPLE.supervisor),
    engineer: client('engineer', PEOPLE.engineer),
    headquarters: client('headquarters', PEOPLE.headquarters),
    partner: client('partner', null),
  };
}
