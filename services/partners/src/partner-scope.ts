import { GROUP_SCOPE, holdsInGroup, type CallContext, type Scope } from '@steward/platform';
import { partnerIdOf } from './log/partner-event.js';

const isHeadquarters = (ctx: CallContext): boolean =>
  holdsInGroup(ctx, 'hq-admin') || holdsInGroup(ctx, 'hq-auditor');

/** What the caller may read of the tables of partners: headquarters everything, a client its own. */
export const partnerReads = (ctx: CallContext): Scope =>
  isHeadquarters(ctx) ? { ...GROUP_SCOPE, write: [] } : ownReads(ctx);

const ownReads = (ctx: CallContext): Scope => ({
  read: [partnerIdOf(ctx.actor.id)],
  write: [],
  refs: [],
  caller: ctx.scope.caller,
});

/**
 * The context in which a client changes what is its own. It sees and so can change only its own rows; audit rows and
 * events of partners are the group's, therefore it may write those.
 */
export const asPartner = (ctx: CallContext): CallContext => ({
  ...ctx,
  scope: { ...ownReads(ctx), write: '*' },
});
