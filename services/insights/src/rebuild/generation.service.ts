import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, LOGGER, Scheduler, type CallContext, type Logger } from '@steward/platform';
import type { Clock } from '@steward/kernel';
import type { RebuildDto } from './rebuild.dto.js';
import { GenerationBuild } from './generation-build.service.js';
import { GenerationRepository, type Generation } from './generation.repository.js';

const EVERY_MS = 1000;

/** Which build of the read model serves, and the rebuild beside it (GRP-03). */
@Injectable()
export class GenerationService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private known?: Readonly<{ generation: Generation; until: number }>;
  private timer?: NodeJS.Timeout;
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: GenerationRepository,
    private readonly build: GenerationBuild,
    private readonly scheduler: Scheduler,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.follow();
    this.timer = setInterval(() => {
      this.following = this.following.then(() => this.follow());
    }, EVERY_MS);
    this.scheduler.start({
      name: 'rebuild-read-model',
      everyMs: EVERY_MS,
      run: () => this.build.advance(this.clock.now()),
      onError: (error) => this.log.error({ err: error }, 'the rebuild could not go on, it is tried again'),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.following;
  }

  /** The build that figures come from. */
  async active(): Promise<number> {
    // not by the time of day: set back, it would keep a build that is cleared away meanwhile
    const now = performance.now();
    if (!this.known || this.known.until < now)
      this.known = { generation: await this.repository.get(), until: now + EVERY_MS };
    return this.known.generation.active;
  }

  /** Begins a rebuild, or tells of the one that is under way. */
  async begin(ctx: CallContext): Promise<RebuildDto> {
    await this.repository.begin(ctx);
    return this.state();
  }

  async state(): Promise<RebuildDto> {
    return toDto(await this.repository.get());
  }

  /** Every copy of the service runs the generations that are wanted, and no others. */
  private async follow(): Promise<void> {
    try {
      await this.build.runWanted(await this.repository.get());
    } catch (error) {
      this.log.warn({ err: error }, 'could not look which builds are wanted, looking again');
    }
  }
}

const toDto = ({ active, building, startedAt, switchedAt, compared }: Generation): RebuildDto => ({
  active,
  building,
  startedAt: startedAt?.toISOString() ?? null,
  switchedAt: switchedAt?.toISOString() ?? null,
  compared,
});
