import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { answerFault } from '../door/answer-fault.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { Passage } from './circuit.js';
import { codeOf, DeadlineError, hopFault } from './faults.js';
import { answerHeaders } from './headers.js';
import type { Upstream } from './upstream.js';

export type ExchangeOptions = Readonly<{
  dispatch: Dispatcher.DispatchOptions;
  /** Milliseconds until the answer has to begin; null when only silence counts (uploads). */
  deadlineMs: number | null;
  /** Milliseconds that the client may leave a part of the answer unread. */
  stallMs: number;
  /** How often a refused connection is tried again; 0 for commands. */
  retries: number;
  /** Called once, when the hop is over. */
  done: (outcome: Outcome) => void;
}>;

/** How a hop ended: the status that the client got, or that it went away. */
export type Outcome = Readonly<{ status: number; code?: string; abandoned?: boolean }>;

const RETRY_PAUSE_MS = 100;

/** One request passed to a service and its answer passed back, both as streams. */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private timer: NodeJS.Timeout | undefined;
  private attempts = 0;
  private over = false;
  private begun = false;
  private readonly raw: ServerResponse;

  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    private readonly upstream: Upstream,
    private readonly passage: Passage,
    private readonly options: ExchangeOptions,
  ) {
    this.raw = reply.raw;
  }

  start(): void {
    this.raw.once('close', this.clientGone);
    const { deadlineMs } = this.options;
    if (deadlineMs !== null) this.timer = setTimeout(this.deadlinePassed, deadlineMs);
    this.send();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) controller.abort(new Error('request is over'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.over || status < 200) return;
    clearTimeout(this.timer);
    this.begun = true;
    this.passage.succeeded();
    const own = answerHeaders(this.reply.getHeaders(), headers, this.upstream.origin);
    // A connection cannot be used again while a body is on it that nobody reads.
    if (!this.request.raw.complete) own.connection = 'close';
    this.reply.hijack();
    this.raw.writeHead(status, own);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over || this.raw.write(chunk)) return;
    controller.pause();
    this.timer = setTimeout(this.stalled, this.options.stallMs);
    this.raw.once('drain', () => {
      clearTimeout(this.timer);
      controller.resume();
    });
  }

  onResponseEnd(): void {
    if (this.over) return;
    this.raw.end();
    this.finish({ status: this.raw.statusCode });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return;
    if (this.begun) return this.breakOff(error);
    if (this.attempts <= this.options.retries && codeOf(error) === 'ECONNREFUSED') {
      setTimeout(() => this.send(), RETRY_PAUSE_MS * this.attempts);
      return;
    }
    this.fail(error);
  }

  private send(): void {
    if (this.over) return;
    this.attempts += 1;
    try {
      this.upstream.pool.dispatch(this.options.dispatch, this);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    if (this.request.raw.errored) return this.clientGone();
    const { fault, blamesUpstream } = hopFault(this.upstream.name, error);
    if (blamesUpstream) this.passage.failed();
    else this.passage.abandoned();
    this.finish({ status: fault.status, code: fault.code });
    this.request.log.debug({ err: error }, 'hop failed');
    answerFault(this.request, this.reply, fault);
  }

  /** The answer had begun: a broken connection is the only honest sign left. */
  private breakOff(error: Error): void {
    this.finish({ status: 502, code: codeOf(error) || 'broken-off' });
    this.raw.destroy();
  }

  private readonly deadlinePassed = (): void => {
    const error = new DeadlineError(!this.request.raw.complete);
    if (this.over) return;
    this.fail(error);
    this.controller?.abort(error);
  };

  /** A client that does not read must not keep its place. */
  private readonly stalled = (): void => void this.raw.destroy();

  private readonly clientGone = (): void => {
    if (this.over) return;
    this.passage.abandoned();
    this.finish({ status: 499, abandoned: true });
    this.controller?.abort(new Error('client is gone'));
  };

  private finish(outcome: Outcome): void {
    this.over = true;
    clearTimeout(this.timer);
    this.options.done(outcome);
  }
}
