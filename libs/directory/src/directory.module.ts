import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CLOSED_MONTHS } from '@steward/messaging';
import { ACCESS_DIRECTORY, BRANCH_LOOKUP } from '@steward/platform';
import { Calendars } from './calendars.js';
import { CopyCalendarWhenCalendarDefined } from './copy-calendar-when-calendar-defined.handler.js';
import { CopyClosedMonthWhenMonthClosed } from './copy-closed-month-when-month-closed.handler.js';
import { CopyGrantWhenRoleGranted } from './copy-grant-when-role-granted.handler.js';
import { CopyPersonWhenPersonStated } from './copy-person-when-person-stated.handler.js';
import { CopyPolicyWhenPolicySet } from './copy-policy-when-policy-set.handler.js';
import { CopyUnitWhenUnitChanged } from './copy-unit-when-unit-changed.handler.js';
import { CopyUnitWhenUnitRegistered } from './copy-unit-when-unit-registered.handler.js';
import { DirectoryCopyService } from './directory-copy.service.js';
import { DirectoryRepository } from './directory.repository.js';
import { Directory } from './directory.js';
import { Policies } from './policies.js';
import { WithdrawGrantWhenRoleRevoked } from './withdraw-grant-when-role-revoked.handler.js';

/** The reactions that keep the copy; a service lists them in a consumer of its own (`tickets-directory`). */
export const directoryHandlers = [
  CopyUnitWhenUnitRegistered,
  CopyUnitWhenUnitChanged,
  CopyGrantWhenRoleGranted,
  WithdrawGrantWhenRoleRevoked,
  CopyPolicyWhenPolicySet,
  CopyCalendarWhenCalendarDefined,
  CopyClosedMonthWhenMonthClosed,
  CopyPersonWhenPersonStated,
] as const;

/** The service's copy of organisation's data, and what the guard and the imports ask of it. */
@Global()
@Module({})
export class DirectoryModule {
  static forRoot(): DynamicModule {
    const lookup = (directory: Directory) => ({
      byCode: async (code: string) => {
        const branch = await directory.branchByCode(code);
        return branch && { branchId: branch.id, timeZone: branch.timeZone ?? 'UTC' };
      },
    });
    return {
      module: DirectoryModule,
      providers: [
        DirectoryRepository,
        DirectoryCopyService,
        Directory,
        Policies,
        Calendars,
        ...directoryHandlers,
        { provide: ACCESS_DIRECTORY, useExisting: Directory },
        { provide: CLOSED_MONTHS, useExisting: Directory },
        { provide: BRANCH_LOOKUP, inject: [Directory], useFactory: lookup },
      ],
      exports: [
        Directory,
        Policies,
        Calendars,
        ACCESS_DIRECTORY,
        BRANCH_LOOKUP,
        CLOSED_MONTHS,
        ...directoryHandlers,
      ],
    };
  }
}
