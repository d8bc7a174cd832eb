import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PLATFORM_CONFIG, type PlatformConfig } from '@steward/platform';

const MARK = 0x50_4c_41_43_45n;

/**
 * Places in the log as texts that tell nothing: how many facts others have must not be read off a cursor. One block of
 * AES, so that a place is always the same text and a made-up one is none.
 */
@Injectable()
export class PlaceBox {
  private readonly key: Buffer;

  constructor(@Inject(PLATFORM_CONFIG) { auditKey }: Pick<PlatformConfig, 'auditKey'>) {
    this.key = Buffer.from(hkdfSync('sha256', auditKey, '', 'steward partners: places of the feed', 32));
  }

  close(position: number): string {
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(MARK, 0);
    block.writeBigUInt64BE(BigInt(position), 8);
    return createCipheriv('aes-256-ecb', this.key, null)
      .setAutoPadding(false)
      .update(block)
      .toString('base64url');
  }

  /** The position, or undefined for a text that this service did not give. */
  open(text: string): number | undefined {
    const sealed = Buffer.from(text, 'base64url');
    if (sealed.length !== 16 || sealed.toString('base64url') !== text) return undefined;
    const block = createDecipheriv('aes-256-ecb', this.key, null).setAutoPadding(false).update(sealed);
    return block.readBigUInt64BE(0) === MARK ? Number(block.readBigUInt64BE(8)) : undefined;
  }
}
