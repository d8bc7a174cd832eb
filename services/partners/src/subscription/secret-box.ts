import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PLATFORM_CONFIG, type PlatformConfig } from '@steward/platform';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps signing secrets unreadable at rest: AES-256-GCM under a key derived from the service's own. */
@Injectable()
export class SecretBox {
  private readonly key: Buffer;

  constructor(@Inject(PLATFORM_CONFIG) { auditKey }: Pick<PlatformConfig, 'auditKey'>) {
    this.key = Buffer.from(hkdfSync('sha256', auditKey, '', 'steward partners: webhook secrets', KEY_BYTES));
  }

  /** A new secret. */
  make(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  /** The secret as it is stored; it opens for its own record only. */
  seal(secret: Buffer, recordId: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(recordId));
    return Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws when the service's key is another one than it was sealed under. */
  open(sealed: Buffer, recordId: string): Buffer {
    const tag = sealed.subarray(-TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(recordId))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  }
}
