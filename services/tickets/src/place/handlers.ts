import { CountForItselfWhenCustomerMergeUndone } from './count-for-itself-when-customer-merge-undone.handler.js';
import { CountForSurvivorWhenCustomerMerged } from './count-for-survivor-when-customer-merged.handler.js';
import { KnowPropertyUnitWhenPropertyUnitChanged } from './know-property-unit-when-property-unit-changed.handler.js';
import { KnowPropertyUnitWhenPropertyUnitRegistered } from './know-property-unit-when-property-unit-registered.handler.js';
import { LoseCustomerWhenCustomerUnlinked } from './lose-customer-when-customer-unlinked.handler.js';
import { SeeCustomerWhenCustomerLinked } from './see-customer-when-customer-linked.handler.js';

/** What keeps the copy of customers. */
export const customerHandlers = [
  SeeCustomerWhenCustomerLinked,
  LoseCustomerWhenCustomerUnlinked,
  CountForSurvivorWhenCustomerMerged,
  CountForItselfWhenCustomerMergeUndone,
];

/** What keeps the copy of property units. */
export const propertyUnitHandlers = [
  KnowPropertyUnitWhenPropertyUnitRegistered,
  KnowPropertyUnitWhenPropertyUnitChanged,
];
