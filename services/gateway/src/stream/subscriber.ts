import type { Frames, ResetReason } from './frames.js';
import { maySee, type Audience } from './visibility.rules.js';
import type { Window } from './window.js';

/** Where the text of a stream goes: an HTTP answer, or a list in a test. */
export type Sink = Readonly<{
  /** False when the reader is behind; `drained` is called when it has caught up. */
  write(text: string): boolean;
  /** Sends the last words, then closes, soon even if nobody reads. */
  end(text: string): void;
}>;

/** One open stream. */
export class Subscriber {
  private frames!: Frames;
  private window!: Window;
  private position = 0;
  private behindSinceMs: number | null = null;
  private held = false;
  private closed = false;
  /** Set when the caller's rights may have changed and have to be asked again. */
  stale = false;

  constructor(
    readonly subject: string,
    private audience: Audience,
    private readonly sink: Sink,
    private readonly onClose: () => void,
  ) {}

  /** Begins to tell; with `reset` the client first hears that it has to read anew. */
  begin(frames: Frames, window: Window, position: number, reset: ResetReason | null): void {
    this.frames = frames;
    this.window = window;
    this.position = position;
    this.write(frames.open(position));
    if (reset) this.write(frames.reset(reset, position));
    this.pump();
  }

  /** Goes on with another window, from its start. */
  restart(frames: Frames, window: Window, reason: ResetReason): void {
    this.frames = frames;
    this.window = window;
    this.position = window.oldest;
    this.write(frames.reset(reason, this.position));
  }

  /** Tells what has happened since the last time, as far as the caller may know and the reader keeps up. */
  pump(): void {
    if (this.closed || this.held) return;
    if (this.position < this.window.oldest)
      return this.finish(this.frames.reset('window-exceeded', this.window.next));
    if (this.behindSinceMs !== null) return;
    let text = '';
    for (; this.position < this.window.next; this.position += 1) {
      const entry = this.window.at(this.position)!;
      if (maySee(this.audience, entry.reference)) text += entry.frame;
    }
    if (text !== '') this.write(text);
  }

  /** A beat of the clock: keeps the line open, and drops a reader that has not read for `stallMs`. */
  beat(nowMs: number, stallMs: number): void {
    if (this.closed) return;
    if (this.behindSinceMs === null) this.write(this.frames.heartbeat(this.position), nowMs);
    else if (nowMs - this.behindSinceMs >= stallMs)
      this.finish(this.frames.reset('too-slow', this.window.next));
  }

  drained(): void {
    this.behindSinceMs = null;
    this.pump();
  }

  /** Somebody's rights changed; `grantee` null stands for anybody's. One's own hold the stream until they are known. */
  rightsChanged(grantee: string | null): void {
    if (grantee !== null && grantee !== this.subject) return;
    this.stale = true;
    if (grantee !== null) this.held = true;
  }

  /** The caller's rights as they are now; without any the stream ends. */
  rightsKnown(audience: Audience): void {
    if (this.closed) return;
    if (!audience.staff) return this.rightsEnded();
    this.audience = audience;
    // Rights that changed again while they were asked stay held until the next answer.
    this.held &&= this.stale;
    this.pump();
  }

  /** The caller may see nothing any more: the stream says so and ends. */
  rightsEnded(): void {
    this.finish(this.frames.end());
  }

  /** Ends without a word. */
  close(): void {
    this.finish('');
  }

  private finish(text: string): void {
    if (this.closed) return;
    this.closed = true;
    this.sink.end(text);
    this.onClose();
  }

  private write(text: string, nowMs = performance.now()): void {
    if (this.closed || this.sink.write(text)) return;
    this.behindSinceMs ??= nowMs;
  }
}
