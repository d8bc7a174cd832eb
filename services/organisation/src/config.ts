import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';
import { z } from 'zod';

/** What an empty database starts with: the group and its first administrator. */
export type BootstrapConfig = Readonly<{
  /** The subject that the token issuer gives to the first administrator. */
  adminSubject: string;
  groupName: string;
  groupCode: string;
  timeZone: string;
  locale: string;
}>;

export type OrganisationConfig = PlatformConfig & Readonly<{ bootstrap: BootstrapConfig | null }>;

/** Variables of the organisation service. */
export const organisationEnv = platformEnv.extend({
  BOOTSTRAP_ADMIN_SUBJECT: z.string().min(1).max(200).optional(),
  BOOTSTRAP_GROUP_NAME: z.string().trim().min(1).max(200).default('Group'),
  BOOTSTRAP_GROUP_CODE: z.string().trim().min(1).max(100).default('HQ'),
  BOOTSTRAP_TIME_ZONE: z.string().max(64).default('Asia/Shanghai'),
  BOOTSTRAP_LOCALE: z.string().max(35).default('zh-CN'),
});

/** The configuration of the organisation service from the environment. Throws `ConfigError` with every problem. */
export function configFromEnv(env: Env = process.env): OrganisationConfig {
  const values = parseConfig(organisationEnv, env);
  const adminSubject = values.BOOTSTRAP_ADMIN_SUBJECT;
  return {
    ...platformConfig(values),
    bootstrap:
      adminSubject === undefined
        ? null
        : {
            adminSubject,
            groupName: values.BOOTSTRAP_GROUP_NAME,
            groupCode: values.BOOTSTRAP_GROUP_CODE,
            timeZone: values.BOOTSTRAP_TIME_ZONE,
            locale: values.BOOTSTRAP_LOCALE,
          },
  };
}
