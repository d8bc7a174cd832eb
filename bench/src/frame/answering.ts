/**
 * For a process of a bench: does the work that each order asks for and answers `{ outcome }`, or `{ failure }` with what
 * was thrown. Whoever started it asks with `MeasuredProcess.ask(order, 'outcome')`. Waiting for orders keeps it alive.
 */
export function answerOrders<Order extends object>(work: (order: Order) => Promise<unknown>): void {
  // words alone are for the probe
  process.on('message', (order: Order | string) => {
    if (typeof order === 'string') return;
    work(order).then(
      (outcome) => process.send!({ outcome }),
      (error: unknown) => process.send!({ failure: String(error) }),
    );
  });
  process.channel?.ref();
}
