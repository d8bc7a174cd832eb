import { describe, expect, it } from '@jest/globals';
import { configFromEnv } from './config.js';

const needed = {
  DATABASE_URL: 'postgres://app@localhost/organisation',
  WORKER_DATABASE_URL: 'postgres://worker@localhost/organisation',
  MIGRATION_URL: 'postgres://owner@localhost/organisation',
};

describe('the configuration', () => {
  it('starts an empty database only when it is told whom to trust first', () => {
    expect(configFromEnv(needed).bootstrap).toBeNull();
    expect(configFromEnv({ ...needed, BOOTSTRAP_ADMIN_SUBJECT: 'hq.admin' }).bootstrap).toEqual({
      adminSubject: 'hq.admin',
      groupName: 'Group',
      groupCode: 'HQ',
      timeZone: 'Asia/Shanghai',
      locale: 'zh-CN',
    });
  });

  it('lists every problem at once', () => {
    expect(() => configFromEnv({ DATABASE_URL: 'x' })).toThrow(
      /DATABASE_URL[\s\S]*WORKER_DATABASE_URL[\s\S]*MIGRATION_URL/,
    );
  });
});
