import type { Meter } from '@opentelemetry/api';
import type { Pool } from 'pg';

/** A pool and how many wait for one of its connections. */
export type Observed = Readonly<{ pool: Pool; waiting: number }>;

/** Lets the connections of pools be seen, by OpenTelemetry's names for database clients. */
export function observePools(meter: Meter, pools: Readonly<Record<string, Observed>>): void {
  const entries = Object.entries(pools);
  meter
    .createObservableGauge('db.client.connection.count', { description: 'Connections by state' })
    .addCallback((result) => {
      for (const [name, { pool }] of entries) {
        const labels = { 'db.client.connection.pool.name': name };
        const used = pool.totalCount - pool.idleCount;
        result.observe(used, { ...labels, 'db.client.connection.state': 'used' });
        result.observe(pool.idleCount, { ...labels, 'db.client.connection.state': 'idle' });
      }
    });
  meter
    .createObservableGauge('db.client.connection.max', { description: 'Connections that a pool may have' })
    .addCallback((result) => {
      for (const [name, { pool }] of entries)
        result.observe(pool.options.max, { 'db.client.connection.pool.name': name });
    });
  meter
    .createObservableGauge('db.client.connection.pending_requests', {
      description: 'Callers that wait for a connection',
    })
    .addCallback((result) => {
      for (const [name, { waiting }] of entries)
        result.observe(waiting, { 'db.client.connection.pool.name': name });
    });
}
