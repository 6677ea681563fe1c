// With OpenTelemetry's SDK in the process, a mail can be followed from the Logic App to the sockets of every process.
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import { INTAKE_KEY, startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const mailOf = (id: string): object => ({
  subject: 's',
  from: 'a@example.com',
  body: 'b',
  internetMessageId: `<${id}>`,
});

describe('tracing', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let hub: TestHub;
  let other: TestHub;
  before(async () => {
    provider.register();
    hub = await startHub();
    other = await startHub({}, hub.database);
  });
  after(async () => {
    // The database is that of the first.
    await other.hub.close();
    await hub.close();
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });
  beforeEach(() => exporter.reset());

  const post = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${hub.url}/api/email/intake`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY, ...headers },
      body: JSON.stringify(body),
    });
  const spans = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
  const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;

  it('is one trace from the headers of the mail through commit and relay to the sockets of both processes', async () => {
    const own = await hub.socket('alice');
    const far = await other.socket('bob');
    const { status } = await post(mailOf('traced'), { traceparent: `00-${TRACE}-${CALLER}-01` });
    expect(status).to.equal(200);
    await until(() => spans('socket write').length === 2);
    const [intake] = spans('intake');
    const [commit] = spans('commit');
    expect(intake?.parentSpanContext?.spanId).to.equal(CALLER);
    expect(commit?.parentSpanContext?.spanId).to.equal(idOf(intake));
    for (const relay of spans('relay')) expect(relay.parentSpanContext?.spanId).to.equal(idOf(commit));
    expect(spans('socket write').map((span) => span.parentSpanContext?.spanId)).to.have.members(
      spans('relay').map(idOf),
    );
    expect(spans('socket write').map(({ attributes }) => attributes['hub.recipients'])).to.deep.equal([1, 1]);
    expect(new Set(exporter.getFinishedSpans().map((span) => span.spanContext().traceId))).to.deep.equal(
      new Set([TRACE]),
    );
    own.client.close();
    far.client.close();
  });

  it('holds nothing of what the mail says', async () => {
    await post({ ...mailOf('quiet'), subject: 'Confidential: Tarnside', body: 'Insured: Tarnside Architects LLP' });
    await post({ subject: 7, from: { Tarnside: 1 } });
    await until(() => spans('relay').length === 2);
    const told = exporter.getFinishedSpans().map(({ attributes, status, events }) => ({ attributes, status, events }));
    expect(JSON.stringify(told)).not.to.match(/Tarnside|Confidential|example\.com/);
  });

  it('is not told to clients', async () => {
    const { client } = await hub.socket('carol');
    const seen = new Promise<string>((resolve) =>
      client.once('new_workitem', (...args) => resolve(JSON.stringify(args))),
    );
    await post(mailOf('watched'), { traceparent: `00-${TRACE}-${CALLER}-01` });
    expect(await seen)
      .to.include('"submission_ref"')
      .and.not.to.include(TRACE);
    const supervisor = await hub.token('sam', { roles: ['supervisor'] });
    const { body } = await hub.call('GET', '/api/workitems?limit=5', supervisor);
    expect(JSON.stringify(body)).not.to.include(TRACE);
    client.close();
  });

  it('begins one for a command that nobody traced, to the sockets', async () => {
    const { submission_id } = await hub.item();
    const { client } = await hub.socket('dora');
    const answer = await hub.call('POST', `/api/workitems/${submission_id}/claim`, await hub.token('dora'));
    expect(answer.status).to.equal(200);
    await until(() => spans('socket write').some(({ attributes }) => attributes['hub.event'] !== 'new_workitem'));
    const commit = spans('commit').at(-1);
    const write = spans('socket write').find(({ attributes }) => attributes['hub.event'] !== 'new_workitem');
    expect(write?.spanContext().traceId).to.equal(commit?.spanContext().traceId);
    client.close();
  });

  it('says that a step failed, and what kind of error it was', async () => {
    await post({ ...mailOf('one'), subject: 'one' }, { 'idempotency-key': 'a-key' });
    exporter.reset();
    const { status } = await post({ ...mailOf('two'), subject: 'two' }, { 'idempotency-key': 'a-key' });
    expect(status).to.equal(409);
    await until(() => spans('intake').length === 1);
    expect(spans('intake')[0]?.attributes['hub.refusal']).to.equal('conflict');
  });
});
