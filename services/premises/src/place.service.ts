import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { forbidden, notFound, type DomainError, type Role } from '@steward/kernel';
import { inScope, rolesAt, type CallContext } from '@steward/platform';

/** Where something stands: a site with its branch. */
export type Place = Readonly<{ branchId: string; siteId: string }>;

/** Finds sites in the copy of the organisation, and says what the caller may do there. */
@Injectable()
export class PlaceService {
  constructor(private readonly directory: Directory) {}

  /** The site with its branch; one out of the caller's write scope is answered like one that is not there. */
  async writable(ctx: CallContext, siteId: string): Promise<Place> {
    const site = await this.directory.unit(siteId);
    if (site?.kind !== 'site' || !site.branchId || !site.active) throw siteUnknown();
    const place = { branchId: site.branchId, siteId };
    if (!inScope(ctx.scope.write, place)) throw siteUnknown();
    return place;
  }

  /** The one site of a branch with this code, or its only site when no code is given; for files. */
  async siteByCode(branchId: string, code: string | undefined): Promise<string> {
    const sites = (await this.directory.sitesOf(branchId)).filter(({ active }) => active);
    const found =
      code === undefined
        ? sites.length === 1
          ? sites[0]
          : undefined
        : sites.find((site) => site.code === code);
    if (!found) throw siteUnknown();
    return found.id;
  }
}

/** The scope let the caller find it by some role; the change needs one of its own roles over this very record. */
export function checkKeeper(ctx: CallContext, keepers: readonly Role[], place: Place): void {
  if (ctx.actor.kind === 'system') return;
  if (!rolesAt(ctx, place).some((role) => keepers.includes(role)))
    throw forbidden('premises.role-missing', 'Your roles do not allow this here.');
}

export const siteUnknown = (): DomainError =>
  notFound('premises.site-unknown', 'There is no such site in your scope.');
