import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Someone who works for the group. Name and phone lie apart, so that erasing them is deleting a row (ORG-04). */
@Entity('employee')
export class Employee {
  @PrimaryColumn('uuid') id!: string;
  /** The token issuer's identifier of the person's account. */
  @Column('text') subject!: string;
  @Column('uuid', { name: 'home_unit_id' }) homeUnitId!: string;
  /** The branch of the home unit; null for staff of a region or of headquarters. */
  @Column('uuid', { name: 'branch_id', nullable: true }) branchId!: string | null;
  @Column('boolean', { name: 'legal_hold' }) legalHold!: boolean;
  @Column('timestamptz', { name: 'erased_at', nullable: true }) erasedAt!: Date | null;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt!: Date;
  /** Moves with each change of the record. */
  @Column('int') version!: number;
  /** Moves with each published fact; a new phone number is none. */
  @Column('int') sequence!: number;
}

/** The personal values of an employee. */
@Entity('employee_person')
export class EmployeePerson {
  @PrimaryColumn('uuid', { name: 'employee_id' }) employeeId!: string;
  @Column('uuid', { name: 'branch_id', nullable: true }) branchId!: string | null;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) phone!: string | null;
}
