import type { Provider, Type } from '@nestjs/common';
import type { HandlerClass } from '@steward/messaging';
import type { ImportKind, MigrationClass } from '@steward/platform';

/** What a part of the service brings: routes, what they use, reactions by consumer, imports, tables. */
export type Features = Readonly<{
  controllers: readonly Type[];
  providers: readonly Provider[];
  /** Reactions to facts, by the consumer that they stand in. */
  handlers: Readonly<Record<string, readonly HandlerClass[]>>;
  imports: readonly Type<ImportKind>[];
  migrations: readonly MigrationClass[];
}>;
