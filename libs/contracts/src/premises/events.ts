import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { BuildingChanged } from './building-changed.v1.js';
export { BuildingRegistered } from './building-registered.v1.js';
export { MeterInstalled } from './meter-installed.v1.js';
export { MeterRemoved } from './meter-removed.v1.js';
export { OccupancyBegan } from './occupancy-began.v1.js';
export { OccupancyEnded } from './occupancy-ended.v1.js';
export { PropertyUnitChanged } from './property-unit-changed.v1.js';
export { PropertyUnitRegistered } from './property-unit-registered.v1.js';

export const PremisesAuditHeadSealed = defineAuditHeadSealed('premises');
export type PremisesAuditHeadSealed = DataOf<typeof PremisesAuditHeadSealed>;
