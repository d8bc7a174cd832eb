import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeTestCertificate } from './test-certificate.js';

describe('a test certificate', () => {
  it('is signed by itself, valid now, and stands for the names it was made for', () => {
    const { cert, key } = makeTestCertificate(['localhost', '127.0.0.1']);
    const read = new X509Certificate(cert);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.ca).toBe(true);
    expect(read.checkHost('localhost')).toBe('localhost');
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(read.checkHost('elsewhere')).toBeUndefined();
    expect(read.validFromDate < new Date() && new Date() < read.validToDate).toBe(true);
    expect(key).toContain('PRIVATE KEY');
  });
});
