import { eventually } from '@steward/testing';
import { randomBytes } from 'node:crypto';
import {
  ApiClient,
  castOf,
  CLIENT,
  demoGroup,
  fetchClientToken,
  partnerLeaves,
  partnerSubscribes,
  WebhookReceiver,
} from '@steward/tools';
import type { Choices } from '../choices.js';
import type { Ledger } from '../ledger.js';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import { DELIVERED } from '../check/check-deliveries.js';
import { Clerk, type Desk } from './clerk.js';
import { Commander, type Failure } from './commander.js';
import { CountingHouse } from './counting-house.js';
import { ADMINISTRATOR, Headquarters } from './headquarters.js';
import { Importer } from './importer.js';
import { Tokens } from './tokens.js';

const BRANCHES = ['EB1', 'EB2', 'NB1', 'NB2'] as const;
const ROWS_PER_FILE = 3000;

/** Everybody who works with the platform while it is being broken. */
export class Load {
  readonly commander: Commander;
  readonly headquarters: Headquarters;
  readonly countingHouse: CountingHouse;
  private readonly clerks: readonly Clerk[];
  private readonly importer: Importer;
  private importing: Promise<void> | undefined;
  private working: Promise<unknown> = Promise.resolve();
  private stopping = false;

  private constructor(
    readonly tokens: Tokens,
    readonly desks: readonly Desk[],
    readonly receiver: WebhookReceiver,
    private readonly platform: PlatformUnderFault,
    ledger: Ledger,
    choices: Choices,
  ) {
    this.commander = new Commander(platform.gateway, tokens, ledger);
    const branchIds = desks.map(({ branchId }) => branchId);
    this.headquarters = new Headquarters(this.commander, branchIds, choices.of('headquarters'));
    this.clerks = desks.map((desk) => new Clerk(desk, this.commander, choices.of(desk.code)));
    this.countingHouse = new CountingHouse(desks[0]!, this.commander, platform, choices.of('money'));
    this.importer = new Importer(this.commander, BRANCHES, ROWS_PER_FILE, choices.of('import'));
  }

  /** Finds its people in the demo group, and waits until the platform knows their rights. */
  static async prepare(platform: PlatformUnderFault, ledger: Ledger, choices: Choices): Promise<Load> {
    const tokens = new Tokens(platform.issuer);
    const api = new ApiClient(`${platform.gateway}/api/v1`, await tokens.of(ADMINISTRATOR));
    const employees = await api.all<{ id: string; subject: string }>('/employees');
    const desks = BRANCHES.map((code): Desk => {
      const prefix = code.toLowerCase();
      const workers = employees.filter(({ subject }) => subject === `${prefix}.engineer`).map(({ id }) => id);
      return {
        code,
        branchId: platform.units[code]!,
        siteId: platform.units[`${code}-S1`]!,
        clerk: `${prefix}.clerk`,
        manager: `${prefix}.manager`,
        workers,
        categories: demoGroup.categories.map((category) => category.code),
      };
    });
    const receiver = await WebhookReceiver.start();
    const load = new Load(tokens, desks, receiver, platform, ledger, choices);
    for (const { clerk, manager } of desks)
      for (const login of [clerk, manager])
        await eventually(async () => (await load.commander.get(login, '/tickets')).status === 200);
    await load.subscribe(receiver);
    await load.countingHouse.prepare();
    return load;
  }

  start(): void {
    const goesOn = () => !this.stopping;
    this.working = Promise.all([
      this.headquarters.work(goesOn),
      this.countingHouse.work(goesOn),
      ...this.clerks.map((clerk) => clerk.work(goesOn)),
    ]);
  }

  /** Begins the next import when the one before has ended. */
  keepImporting(): void {
    this.importing ??= this.importer.importOne().finally(() => (this.importing = undefined));
  }

  get gateway(): string {
    return this.platform.gateway;
  }

  /** Every request without a final answer so far, in no order. */
  get failures(): readonly Failure[] {
    return [...this.commander.failures, ...this.tokens.failures];
  }

  /** The partner gets its events at one more receiver. */
  async subscribe(receiver: WebhookReceiver): Promise<void> {
    await partnerSubscribes(partnerCast(this.platform, this.tokens), receiver, DELIVERED);
  }

  async unsubscribe(receiver: WebhookReceiver): Promise<void> {
    await partnerLeaves(partnerCast(this.platform, this.tokens), receiver);
  }

  /** Whether an accepted file is being worked on at this moment. */
  get isImporting(): boolean {
    return this.importer.following;
  }

  /** Resolves when everything that was begun is answered and imported. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([this.working, this.importing]);
  }
}

/** Headquarters and the partner's machine client, for setting the subscription up. */
const partnerCast = ({ gateway, issuer, partnerSecret }: PlatformUnderFault, tokens: Tokens) =>
  castOf({
    gateway,
    traceId: randomBytes(16).toString('hex'),
    token: (login) =>
      login === null ? fetchClientToken({ issuer, client: CLIENT, secret: partnerSecret }) : tokens.of(login),
  });
