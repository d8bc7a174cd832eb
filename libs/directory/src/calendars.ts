import { Injectable } from '@nestjs/common';
import { unavailable, unprocessable } from '@steward/kernel';
import type { CalendarVersion } from './directory.repository.js';
import { Directory } from './directory.js';

/** Business calendars by branch; versions stay, so that a past verdict can be explained by the calendar it was made with. */
@Injectable()
export class Calendars {
  constructor(private readonly directory: Directory) {}

  /** The calendar of a branch (its own, else its region's, else the group's) as it holds at `at`. Throws `calendar.missing`. */
  async of(branchId: string, at: Date): Promise<CalendarVersion> {
    for (let unit = await this.directory.unit(branchId); unit;) {
      if (unit.calendarId) {
        const versions = await this.directory.calendarVersions(unit.calendarId);
        const version = versions.findLast((item) => item.effectiveFrom <= at) ?? versions[0];
        if (version) return version;
      }
      unit = unit.parentId ? await this.directory.unit(unit.parentId) : undefined;
    }
    throw unprocessable(
      'calendar.missing',
      'Neither the branch nor its region or the group has a business calendar. Headquarters can set one.',
    );
  }

  /** One version of a calendar. Throws `calendar.missing` when it has not come. */
  async version(calendarId: string, version: number): Promise<CalendarVersion> {
    const found = (await this.directory.calendarVersions(calendarId)).find(
      (item) => item.version === version,
    );
    if (!found) throw unavailable('calendar.missing', 'This calendar version has not arrived here yet.');
    return found;
  }
}
