import { Injectable } from '@nestjs/common';
import type {
  CalendarDefined,
  MonthClosed,
  Persons,
  PolicySet,
  RoleGranted,
  RoleRevoked,
  UnitRegistered,
} from '@steward/contracts';
import type { Role } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { DirectoryRepository } from './directory.repository.js';

/** Keeps the copy: one method per kind of fact, called by the reactions to organisation's events. */
@Injectable()
export class DirectoryCopyService {
  constructor(private readonly repository: DirectoryRepository) {}

  async keepUnit(tx: Tx, { unitId, ...unit }: UnitRegistered): Promise<void> {
    await this.repository.keepUnit(tx, { id: unitId, ...unit });
  }

  async keepGrant(tx: Tx, { grantId, role, ...grant }: RoleGranted): Promise<void> {
    // A role that this build does not know permits nothing, so it may be kept as it is.
    await this.repository.keepGrant(tx, { id: grantId, role: role as Role, ...grant });
  }

  async revokeGrant(tx: Tx, { grantId, revokedAt }: RoleRevoked): Promise<void> {
    await this.repository.revokeGrant(tx, grantId, revokedAt);
  }

  async keepPolicy(tx: Tx, policy: PolicySet): Promise<void> {
    await this.repository.keepPolicy(tx, policy);
  }

  async keepCalendar(tx: Tx, calendar: CalendarDefined): Promise<void> {
    await this.repository.keepCalendar(tx, calendar);
  }

  async keepClosedMonth(tx: Tx, branchId: string, { month, closedAt }: MonthClosed): Promise<void> {
    await this.repository.keepClosedMonth(tx, { branchId, month }, closedAt);
  }

  async keepPerson(tx: Tx, employeeId: string, person: Persons | null): Promise<void> {
    if (person) await this.repository.keepPerson(tx, person);
    else await this.repository.erasePerson(tx, employeeId);
  }
}
