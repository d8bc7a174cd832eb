import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import {
  AuditModule,
  ImportModule,
  importMigrations,
  PlatformModule,
  type MigrationClass,
} from '@steward/platform';
import type { AccountsConfig } from './config.js';
import { ContactController } from './contact/contact.controller.js';
import { ContactRepository } from './contact/contact.repository.js';
import { ContactService } from './contact/contact.service.js';
import { CustomerQueryService } from './customer/customer-query.service.js';
import { CustomerRecordService } from './customer/customer-record.service.js';
import { CustomerController } from './customer/customer.controller.js';
import { CustomerRepository } from './customer/customer.repository.js';
import { CustomerService } from './customer/customer.service.js';
import { RetentionService } from './customer/retention.service.js';
import { DuplicateController } from './duplicate/duplicate.controller.js';
import { DuplicateRepository } from './duplicate/duplicate.repository.js';
import { DuplicateService } from './duplicate/duplicate.service.js';
import { CustomerImportService } from './import/customer-import.service.js';
import { MergeController } from './merge/merge.controller.js';
import { MergeRepository } from './merge/merge.repository.js';
import { MergeService } from './merge/merge.service.js';
import { Customers1760000030000 } from './migrations/1760000030000-customers.js';
import { CustomerNumber1760000031000 } from './migrations/1760000031000-customer-number.js';

export const SERVICE = 'accounts';

/** The topics that it publishes on. */
export const TOPICS = ['accounts.v1', 'accounts.persons.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...importMigrations,
  Customers1760000030000,
  CustomerNumber1760000031000,
];

/** The features: what the routes, the schedulers and the imports use. */
@Module({
  controllers: [DuplicateController, CustomerController, MergeController, ContactController],
  providers: [
    CustomerRepository,
    CustomerRecordService,
    CustomerQueryService,
    CustomerService,
    RetentionService,
    DuplicateRepository,
    DuplicateService,
    MergeRepository,
    MergeService,
    ContactRepository,
    ContactService,
  ],
  exports: [CustomerRepository, CustomerService],
})
class FeaturesModule {}

/** The whole wiring of the service. */
@Module({})
export class AccountsModule {
  static forRoot(config: AccountsConfig): DynamicModule {
    return {
      module: AccountsModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [{ name: 'accounts-directory', handlers: [...directoryHandlers] }],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({
          service: SERVICE,
          kinds: [CustomerImportService],
          imports: [FeaturesModule],
        }),
      ],
    };
  }
}
