import { Module, type DynamicModule } from '@nestjs/common';
import { Database } from '../database/database.js';
import { trailController, verificationController } from './audit.controller.js';
import { AuditTrail } from './audit-trail.js';

/** The audit trail of a service over HTTP, the same in every service. Needs `PlatformModule`. */
@Module({})
export class AuditModule {
  static forRoot({ service }: Readonly<{ service: string }>): DynamicModule {
    return {
      module: AuditModule,
      controllers: [trailController(service), verificationController(service)],
      providers: [
        {
          provide: AuditTrail,
          inject: [Database],
          useFactory: (database: Database) => new AuditTrail(database),
        },
      ],
    };
  }
}
