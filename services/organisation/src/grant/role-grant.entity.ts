import type { Role } from '@steward/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A role that an employee holds in a unit and below it. `branchId` is the branch of the unit, null above branches. */
@Entity('role_grant')
export class RoleGrant {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'employee_id' }) employeeId!: string;
  @Column('text') subject!: string;
  @Column('text') role!: Role;
  @Column('uuid', { name: 'unit_id' }) unitId!: string;
  @Column('uuid', { name: 'branch_id', nullable: true }) branchId!: string | null;
  @Column('timestamptz', { name: 'valid_from' }) validFrom!: Date;
  @Column('timestamptz', { name: 'valid_to', nullable: true }) validTo!: Date | null;
  @Column('text', { name: 'granted_by' }) grantedBy!: string;
  @Column('timestamptz', { name: 'granted_at' }) grantedAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('text', { name: 'revoked_by', nullable: true }) revokedBy!: string | null;
  @Column('text', { name: 'revocation_reason', nullable: true }) revocationReason!: string | null;
}
