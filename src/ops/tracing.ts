// One trace from the request that brought a mail to the sockets that showed it, through OpenTelemetry's API: without an SDK in
// the process all of this does nothing. How to register one: docs/operations.md, "Traces".
import {
  type Attributes,
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { HubError } from '../errors.js';
import type { LogEvent } from '../eventlog/event.js';

const tracer = trace.getTracer('workitem-hub');

/** Runs `work` in a span, which ends with it, and says so when it fails. */
function during<T>(
  name: string,
  kind: SpanKind,
  parent: Context,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // Codes and classes alone: messages may quote what somebody sent.
      if (error instanceof HubError) span.setAttribute('hub.refusal', error.code);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'Error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A step of a request, in its span; in that of the server when one is instrumented, else in the one that `headers` name. */
export function tracedRequest<T>(name: string, headers: object, work: (span: Span) => Promise<T>): Promise<T> {
  const active = context.active();
  const parent = trace.getSpan(active) ? active : propagation.extract(active, headers);
  return during(name, SpanKind.SERVER, parent, {}, work);
}

/** A step within the present one. */
export function traced<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return during(name, SpanKind.INTERNAL, context.active(), attributes, work);
}

/** The present span as a `traceparent` of W3C Trace Context, to be kept with what it leads to; `undefined` when nobody samples it. */
export function traceparent(): string | undefined {
  if (!trace.getSpan(context.active())?.isRecording()) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** In the trace that led to the event: its way through the log to this process, and its being written to sockets here. */
export function traceDelivery(event: LogEvent, recipients: number): void {
  if (event.trace === undefined) return;
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: event.trace });
  const attributes = { 'hub.seq': event.seq, 'hub.event': event.type };
  const startTime = new Date(event.at);
  const relay = tracer.startSpan('relay', { kind: SpanKind.CONSUMER, attributes, startTime }, parent);
  relay.end();
  const write = tracer.startSpan(
    'socket write',
    { kind: SpanKind.PRODUCER, attributes: { ...attributes, 'hub.recipients': recipients } },
    trace.setSpan(parent, relay),
  );
  // The batch is handed to all its sockets within this turn.
  queueMicrotask(() => write.end());
}
