import type { EventReference } from './reference.js';

/** Why a client has to read everything anew, or why its stream ends. */
export type ResetReason = 'unknown-position' | 'window-exceeded' | 'too-slow' | 'interrupted';

/**
 * The text of the stream (`text/event-stream`). Ids are `<epoch>.<position>`: the epoch is one window of one copy of
 * the gateway, so an id of another copy, or of another life of this one, is recognised and never misread.
 */
export class Frames {
  constructor(readonly epoch: string) {}

  id(position: number): string {
    return `${this.epoch}.${position}`;
  }

  /** The position after the event of this id, or null for an id of another window. */
  positionAfter(id: string): number | null {
    const at = id.lastIndexOf('.');
    const position = Number(id.slice(at + 1));
    if (at < 0 || id.slice(0, at) !== this.epoch || !/^\d{1,15}$/.test(id.slice(at + 1))) return null;
    return position;
  }

  /** First words: how soon to come again, and where the stream stands. */
  open(position: number): string {
    return `retry: 3000\nid: ${this.id(position)}\nevent: open\ndata: {}\n\n`;
  }

  reference(reference: EventReference, position: number): string {
    return `id: ${this.id(position + 1)}\ndata: ${JSON.stringify(reference)}\n\n`;
  }

  /** The client has to read again what it shows; the stream goes on from `position`. */
  reset(reason: ResetReason, position: number): string {
    return `id: ${this.id(position)}\nevent: reset\ndata: ${JSON.stringify({ reason })}\n\n`;
  }

  /** The stream is over because the caller's rights are. */
  end(): string {
    return `event: end\ndata: {"reason":"revoked"}\n\n`;
  }

  /** Keeps the line open, and the client's position fresh where nothing of its scope happens. */
  heartbeat(position: number): string {
    return `: heartbeat\nid: ${this.id(position)}\n\n`;
  }
}
