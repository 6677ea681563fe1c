// The numbers of one hub: its own, and under labels that cannot grow.
import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { createMetrics, lookUp, measureHttp } from '../../src/ops/metrics.js';

describe('metrics', () => {
  it('are kept apart for two hubs in one process', async () => {
    const one = createMetrics();
    const other = createMetrics();
    one.cuts.inc({ reason: 'too_slow' });
    expect(await one.registry.metrics()).to.include('hub_cuts_total{reason="too_slow"} 1');
    expect(await other.registry.metrics()).not.to.include('too_slow');
  });

  it('look up what nobody keeps', async () => {
    const metrics = createMetrics();
    let waiting = 5;
    lookUp(metrics.queueBytes, (gauge) => gauge.set(waiting));
    expect(await metrics.registry.metrics()).to.include('hub_socket_queue_bytes 5');
    waiting = 7;
    expect(await metrics.registry.metrics()).to.include('hub_socket_queue_bytes 7');
  });

  it('tell the events that were sent, by kind of socket', async () => {
    const metrics = createMetrics();
    metrics.eventsSent.bridge += 2;
    expect(await metrics.registry.metrics()).to.include('hub_events_sent_total{kind="bridge"} 2');
    metrics.eventsSent.bridge += 1;
    const text = await metrics.registry.metrics();
    expect(text).to.include('hub_events_sent_total{kind="bridge"} 3');
    expect(text).to.include('hub_events_sent_total{kind="socketio"} 0');
  });

  it('count requests by the template of their route, never by their path', async () => {
    const metrics = createMetrics();
    const router = express.Router().get('/:id', (_req, res) => void res.json({}));
    const app = express().use(measureHttp(metrics)).use('/api/workitems', router);
    await request(app).get('/api/workitems/4711?token=sesame').expect(200);
    await request(app).get('/wp-admin').expect(404);
    const text = await metrics.registry.metrics();
    expect(text).to.include('hub_http_seconds_count{method="GET",route="/api/workitems/:id",status="200"} 1');
    expect(text).to.include('hub_http_seconds_count{method="GET",route="unmatched",status="404"} 1');
    expect(text).not.to.match(/4711|sesame|wp-admin/);
  });
});
