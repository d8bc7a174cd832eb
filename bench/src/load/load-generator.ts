// A process of its own that sends ticket registrations: callers in a closed loop over kept connections.
import { randomUUID } from 'node:crypto';
import { answerOrders } from '../frame/answering.js';
import { ticketBody } from '../tickets/ticket-body.js';
import { HttpConnection } from './http-connection.js';
import type { Desk, Order, Outcome } from './order.js';

const CREATED = 201;
const run = randomUUID();
let sent = 0;

function requestOf({ branchId, token }: Desk, { port, path }: Order): string {
  const body = JSON.stringify(ticketBody(branchId));
  sent += 1;
  return [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${token}`,
    `idempotency-key: ${run}-${sent}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

async function caller(order: Order, until: number, latencies: number[]): Promise<void> {
  const connection = await HttpConnection.open(order.port);
  try {
    while (performance.now() < until || latencies.length < order.atLeast) {
      const desk = order.desks[sent % order.desks.length]!;
      const began = performance.now();
      const { status, body } = await connection.send(requestOf(desk, order));
      latencies.push(performance.now() - began);
      if (status !== CREATED) throw new Error(`answered ${status}: ${body.toString()}`);
    }
  } finally {
    connection.close();
  }
}

async function burst(order: Order): Promise<Outcome> {
  const latencies: number[] = [];
  const began = performance.now();
  const callers = Array.from({ length: order.concurrency }, () =>
    caller(order, began + order.milliseconds, latencies),
  );
  await Promise.all(callers);
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((left, right) => left - right);
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return { operations: latencies.length, seconds, latencyMs: { p50: at(0.5), p99: at(0.99) } };
}

answerOrders(burst);
