import type { UnitKind } from '@steward/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group, region, branch or site. `branchId` is a branch's own id and a site's branch. */
@Entity('unit')
export class Unit {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: UnitKind;
  @Column('uuid', { name: 'parent_id', nullable: true }) parentId!: string | null;
  @Column('uuid', { name: 'branch_id', nullable: true }) branchId!: string | null;
  @Column('text') code!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'time_zone', nullable: true }) timeZone!: string | null;
  @Column('text', { nullable: true }) locale!: string | null;
  @Column('uuid', { name: 'calendar_id', nullable: true }) calendarId!: string | null;
  @Column('boolean') active!: boolean;
  @Column('int') version!: number;
}
