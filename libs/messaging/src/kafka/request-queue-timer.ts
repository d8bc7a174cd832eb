import { createRequire } from 'node:module';

type RequestQueue = {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests: (this: RequestQueue) => void;
};

type RequestQueueClass = {
  prototype: RequestQueue & { scheduleCheckPendingRequests: (this: RequestQueue) => void };
};

const CHECK_INTERVAL_MS = 10;

/** The client's class of request queues. It is not public, so a test guards that it is still there. */
export function requestQueueClass(): RequestQueueClass {
  return createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as RequestQueueClass;
}

/**
 * kafkajs 2.2.4 re-arms a 1 ms timer without end, also when nothing waits and no throttle is active: 4 % of a CPU per
 * idle process, and a warning about negative timeouts (tulios/kafkajs#1556, #1751). This arms it only when there is
 * something to check.
 */
export function fixRequestQueueTimer(): void {
  requestQueueClass().prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.throttleCheckTimeoutId) return;
    const throttleMs = this.throttledUntil - Date.now();
    if (this.pending.length === 0 && throttleMs <= 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttleMs > 0 ? throttleMs : CHECK_INTERVAL_MS,
    );
  };
}
