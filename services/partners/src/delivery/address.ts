import { BlockList, isIP } from 'node:net';

/** Why an address may not be called. */
export type AddressFault = 'malformed' | 'not-https' | 'with-password' | 'inside' | 'port';

/** Networks that are not the public internet, though they lie in ranges that otherwise are (IANA special registries). */
const INSIDE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const INSIDE_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
];

const inside = new BlockList();
for (const [network, bits] of INSIDE_V4) inside.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of INSIDE_V6) inside.addSubnet(network, bits, 'ipv6');
const global6 = new BlockList();
// everything else of IPv6 is loopback, unique local, link-local, multicast, or carries an IPv4 address inside
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is part of the public internet. What is not known to be public is inside. */
export function isPublic(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return !inside.check(ip, 'ipv4');
  return family === 6 && !ip.includes('%') && global6.check(ip, 'ipv6') && !inside.check(ip, 'ipv6');
}

/** The networks inside that an operator lets through: addresses or `network/bits`. Throws on anything else. */
export function allowedNetworks(list: readonly string[]): BlockList {
  const allowed = new BlockList();
  for (const entry of list) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network);
    if (family === 0)
      throw new Error(`WEBHOOK_ALLOWED_INSIDE: ${entry} is neither an IP address nor a network`);
    allowed.addSubnet(
      network,
      bits === undefined ? (family === 4 ? 32 : 128) : Number(bits),
      `ipv${family}` as 'ipv4',
    );
  }
  return allowed;
}

/** Whether a connection to this IP address may be made. */
export const mayConnect = (ip: string, allowed: BlockList): boolean => isPublic(ip) || isAllowed(ip, allowed);

const isAllowed = (ip: string, allowed: BlockList): boolean => {
  const family = isIP(ip);
  return family !== 0 && allowed.check(ip, `ipv${family}` as 'ipv4');
};

/** The IP address that a URL names literally, or undefined for a host name. */
export function literalOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
}

/**
 * What is wrong with an address before anything is resolved; null when nothing is. Plain http only goes to literal
 * addresses that the operator allowed.
 */
export function addressFault(address: string, allowed: BlockList): AddressFault | null {
  if (!URL.canParse(address)) return 'malformed';
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not-https';
  if (url.username !== '' || url.password !== '') return 'with-password';
  const literal = literalOf(url);
  const exempt = literal !== undefined && isAllowed(literal, allowed);
  if (url.protocol === 'http:' && !exempt)
    return literal !== undefined && !isPublic(literal) ? 'inside' : 'not-https';
  if (literal !== undefined && !mayConnect(literal, allowed)) return 'inside';
  return null;
}
