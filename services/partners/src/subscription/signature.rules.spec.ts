import { describe, expect, it } from '@jest/globals';
import { secretText, signatures } from './signature.rules.js';

// the example of the Standard Webhooks specification
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
const EXAMPLE = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}'] as const;

describe('PTR-01 signed webhooks', () => {
  it('are signed as Standard Webhooks says', () => {
    expect(signatures([KEY], ...EXAMPLE)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(secretText(KEY)).toBe(SECRET);
  });

  it('carry a signature by each live secret', () => {
    const [first, second, ...rest] = signatures([KEY, Buffer.from('other')], ...EXAMPLE).split(' ');
    expect(rest).toEqual([]);
    expect(first).toBe(signatures([KEY], ...EXAMPLE));
    expect(second).toBe(signatures([Buffer.from('other')], ...EXAMPLE));
    expect(second).not.toBe(first);
  });
});
