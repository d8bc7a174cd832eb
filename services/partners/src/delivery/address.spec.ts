import { describe, expect, it } from '@jest/globals';
import { addressFault, allowedNetworks, isPublic, mayConnect } from './address.js';

const none = allowedNetworks([]);

describe('addresses of partners', () => {
  it.each(['8.8.8.8', '223.5.5.5', '2606:4700:4700::1111', '2400:3200::1'])('PTR-01 %s is public', (ip) =>
    expect(isPublic(ip)).toBe(true),
  );

  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.31.255.255'],
    ['private', '192.168.0.1'],
    ['shared by carriers', '100.64.0.1'],
    ['loopback', '127.8.8.8'],
    ['link-local, where clouds keep their keys', '169.254.169.254'],
    ['protocol assignments', '192.0.0.8'],
    ['benchmarks', '198.19.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['unique local', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['mapped', '::ffff:10.0.0.1'],
    ['mapped, as the parser writes it', '::ffff:a00:1'],
    ['compatible', '::10.0.0.1'],
    ['translated', '64:ff9b::a00:1'],
    ['6to4', '2002:0a00:0001::'],
    ['Teredo', '2001:0:1::'],
    ['documentation', '2001:db8::1'],
    ['multicast', 'ff02::1'],
    ['no address', 'example.com'],
  ])('PTR-01 %s %s is inside', (_why, ip) => expect(mayConnect(ip, none)).toBe(false));

  it('must be https without a password, in every spelling of an address inside', () => {
    const fault = (address: string) => addressFault(address, none);
    expect(fault('https://partner.example/hook')).toBeNull();
    expect(fault('https://8.8.8.8:8443/hook')).toBeNull();
    expect(fault('nonsense')).toBe('malformed');
    expect(fault('ftp://partner.example/')).toBe('not-https');
    expect(fault('http://partner.example/')).toBe('not-https');
    expect(fault('https://me:secret@partner.example/')).toBe('with-password');
    for (const host of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]', '[::]'])
      expect(fault(`https://${host}/`)).toBe('inside');
  });

  it('an operator can let single networks inside through, also by http', () => {
    const allowed = allowedNetworks(['127.0.0.1', 'fd00::/8']);
    expect(addressFault('http://127.0.0.1:8080/', allowed)).toBeNull();
    expect(addressFault('https://[fd00::7]/', allowed)).toBeNull();
    expect(addressFault('http://127.0.0.2/', allowed)).toBe('inside');
    expect(addressFault('http://8.8.8.8/', allowed)).toBe('not-https');
    expect(() => allowedNetworks(['localhost'])).toThrow('neither an IP address nor a network');
  });
});
