import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TicketKind } from '@steward/contracts';

@Entity('category')
export class Category {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'branch_id' }) branchId!: string;
  @Column('text') code!: string;
  @Column('text') name!: string;
  @Column('text') kind!: TicketKind;
  @Column('boolean') active!: boolean;
  @Column('int') version!: number;
}
