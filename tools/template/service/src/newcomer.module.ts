import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import { AuditModule, PlatformModule, type MigrationClass } from '@steward/platform';
import type { NewcomerConfig } from './config.js';
import { Notes1760000030000 } from './migrations/1760000030000-notes.js';
import { CloseNotesWhenTicketCompleted } from './note/close-notes-when-ticket-completed.handler.js';
import { NoteController } from './note/note.controller.js';
import { Note } from './note/note.entity.js';
import { NoteRepository } from './note/note.repository.js';
import { NoteService } from './note/note.service.js';

export const SERVICE = 'newcomer';
export const TOPICS = ['newcomer.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  Notes1760000030000,
];

/** The whole wiring of the service. */
@Module({})
export class NewcomerModule {
  static forRoot(config: NewcomerConfig): DynamicModule {
    return {
      module: NewcomerModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [Note], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [
            { name: 'newcomer-directory', handlers: [...directoryHandlers] },
            { name: 'newcomer-tickets', handlers: [CloseNotesWhenTicketCompleted] },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
      ],
      controllers: [NoteController],
      providers: [NoteRepository, NoteService, CloseNotesWhenTicketCompleted],
    };
  }
}
