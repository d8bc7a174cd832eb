import { day, text } from '@steward/platform';
import { z } from 'zod';
import { MEASURES, MEDIA } from '../meter/meter.dto.js';
import { OCCUPANCY_ROLES } from '../occupancy/occupancy.rules.js';
import { registerBuildingBody } from '../building/building.dto.js';
import { registerPropertyUnitBody, TITLES, USES } from '../property-unit/property-unit.dto.js';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const site = text(100).optional().describe('Code of the site; may be left out where the branch has one only');

/** One row of a register of buildings after its mapping. */
export const buildingRow = z.strictObject({
  site,
  code: registerBuildingBody.shape.code.describe('Code of the building in unit codes'),
  name: text(200).describe('Name or street address'),
  storeys: whole(0, 300).nullable().default(null).describe('Storeys'),
  builtIn: whole(1000, 3000).nullable().default(null).describe('Year built'),
  elevators: text(500).optional().describe('Number of elevators'),
  heating: text(500).optional().describe('Heating'),
  airConditioning: text(500).optional().describe('Air conditioning'),
  parking: text(500).optional().describe('Parking'),
  manager: text(500).optional().describe('Managing company'),
  units: text(500).optional().describe('Number of units'),
  fireAlarm: text(500).optional().describe('Fire alarm'),
  sprinklers: text(500).optional().describe('Sprinkler system'),
  waterMeters: text(500).optional().describe('Separate water meters'),
  powerMeters: text(500).optional().describe('Separate electricity meters'),
  gasMeters: text(500).optional().describe('Separate gas meters'),
});
export type BuildingRow = z.output<typeof buildingRow>;

/** One row of a list of property units. */
export const propertyUnitRow = z.strictObject({
  site,
  code: text(100).describe('Code of the unit: building#entrance-floor-door'),
  use: z.enum(USES).default('residential').describe('Use'),
  area: registerPropertyUnitBody.shape.area.unwrap().unwrap().nullable().default(null).describe('Area in m²'),
  titleStatus: z.enum(TITLES).nullable().default(null).describe('Title'),
});
export type PropertyUnitRow = z.output<typeof propertyUnitRow>;

/** One row of a list of meters. */
export const meterRow = z.strictObject({
  site,
  unitCode: text(100).optional().describe('Code of the unit; none for a meter in common'),
  serial: text(60).describe('Number on the meter'),
  medium: z.enum(MEDIA).describe('Medium'),
  measure: z.enum(MEASURES).default('m3').describe('Unit of measure'),
  multiplier: text(20)
    .regex(/^\d{1,15}(?:\.\d{1,6})?$/)
    .default('1')
    .describe('Multiplier'),
  digits: whole(1, 12).nullable().default(null).describe('Digits before the point'),
  installedOn: day().describe('Day of installation'),
  openingReading: text(25)
    .regex(/^\d{1,15}(?:\.\d{1,6})?$/)
    .default('0')
    .describe('First reading'),
});
export type MeterRow = z.output<typeof meterRow>;

/** One row of a list of owners and tenants. */
export const occupancyRow = z.strictObject({
  site,
  unitCode: text(100).describe('Code of the unit'),
  customerId: z.uuid().describe('Id of the customer'),
  role: z.enum(OCCUPANCY_ROLES).describe('developer, owner or tenant'),
  from: day().describe('First day'),
  to: day().nullable().default(null).describe('Last day'),
});
export type OccupancyRow = z.output<typeof occupancyRow>;
