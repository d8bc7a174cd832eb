import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '../services.js';
import { at, listAt, readDocuments, REPOSITORY, textAt, type Json } from './check/document.js';
import { metricsIn, metricsOfTheCode, prometheusNames } from './check/metric-names.js';

const FOLDER = join(REPOSITORY, 'deploy/compose');
const known = metricsOfTheCode();
const unknown = (expressions: readonly string[]): string[] =>
  expressions.flatMap(metricsIn).filter((name) => !known.has(name));

describe('dashboards and alerts', () => {
  const boards = readdirSync(join(FOLDER, 'grafana/dashboards')).map(
    (file) => JSON.parse(readFileSync(join(FOLDER, 'grafana/dashboards', file), 'utf8')) as Json,
  );
  const expressionsOf = (board: Json) =>
    listAt(board, 'panels').flatMap((panel) =>
      listAt(panel, 'targets').map((target) => textAt(target, 'expr')),
    );
  const [alerts] = readDocuments(join(FOLDER, 'prometheus/alerts.yml'));
  const rules = listAt(alerts, 'groups', 0, 'rules');

  it('ask only for metrics that the code makes', () => {
    expect(boards.map((board) => board.title)).toEqual(['Events', 'Gateway', 'Services']);
    for (const board of boards) {
      expect(expressionsOf(board).length).toBeGreaterThan(0);
      expect(unknown(expressionsOf(board))).toEqual([]);
    }
    expect(rules.length).toBeGreaterThan(0);
    expect(unknown(rules.map((rule) => textAt(rule, 'expr')))).toEqual([]);
  });

  it('would be refused with a metric that nobody makes', () => {
    expect(
      unknown(['sum by (consumer) (rate(steward_consumer_lags{a="b"}[5m])) / steward_consumer_lag']),
    ).toEqual(['steward_consumer_lags']);
    expect(
      metricsIn('histogram_quantile(0.95, sum by (le, upstream) (rate(x_seconds_bucket[$__rate_interval])))'),
    ).toEqual(['x_seconds_bucket']);
  });

  it('read the names as the collector hands them to Prometheus', () => {
    expect(prometheusNames('a.b', 'Counter', undefined)).toEqual(['a_b_total']);
    expect(prometheusNames('a.b', 'Gauge', 'By')).toEqual(['a_b_bytes']);
    expect(prometheusNames('a', 'Histogram', 's')).toEqual([
      'a_seconds_bucket',
      'a_seconds_sum',
      'a_seconds_count',
    ]);
    expect(known).toContain('steward_outbox_oldest_unpublished_seconds');
    expect(known).toContain('http_server_request_duration_seconds_bucket');
  });

  it('use data sources that are provided', () => {
    const [provided] = readDocuments(join(FOLDER, 'grafana/provisioning/datasources/datasources.yaml'));
    const uids = listAt(provided, 'datasources').map((source) => source.uid);
    const used = boards.flatMap((board) =>
      listAt(board, 'panels').map((panel) => at(panel, 'datasource', 'uid')),
    );
    expect(used.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  it('lead to runbooks that exist', () => {
    const books = rules.map((rule) => textAt(rule, 'annotations', 'runbook'));
    expect(books.filter((book) => !book || !existsSync(join(REPOSITORY, book)))).toEqual([]);
  });

  it('notice the silence of every service', () => {
    const silent = textAt(
      rules.find((rule) => rule.alert === 'ServiceSilent'),
      'expr',
    );
    const names = SERVICES.map(({ name }) => name).filter((name) => name !== 'identity');
    expect(names.filter((name) => !silent.includes(`service_name="${name}"`))).toEqual([]);
  });

  it('are fed by a collector whose ports and files are those of the Compose file', () => {
    const [compose] = readDocuments(join(REPOSITORY, 'docker-compose.yml'));
    const [collector] = readDocuments(join(FOLDER, 'otel/collector.yaml'));
    const [prometheus] = readDocuments(join(FOLDER, 'prometheus/prometheus.yml'));
    const services = at(compose, 'services') as Record<string, Json>;
    const endpoint = textAt(services.tickets, 'environment', 'OTEL_EXPORTER_OTLP_ENDPOINT');
    const port = (text: string) => /:(\d+)/.exec(text)?.[1];
    expect(port(endpoint)).toBe(
      port(textAt(collector, 'receivers', 'otlp', 'protocols', 'http', 'endpoint')),
    );
    const targets = listAt(prometheus, 'scrape_configs').flatMap((job) =>
      at(job, 'static_configs', 0, 'targets'),
    );
    expect(targets).toContain(
      `otel-collector:${port(textAt(collector, 'exporters', 'prometheus', 'endpoint'))}`,
    );
    for (const name of Object.values(at(collector, 'service', 'pipelines') as Record<string, Json>).flatMap(
      (pipeline) => pipeline.exporters as string[],
    ))
      expect(Object.keys(collector!.exporters as Json)).toContain(name);
    expect(textAt(collector, 'exporters', 'otlp/tempo', 'endpoint')).toBe('tempo:4317');
  });
});
