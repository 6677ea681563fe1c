// The thread in which large bodies are read: whatever is in them, only this thread is busy with it.
import { parentPort } from 'node:worker_threads';
import { HubError } from '../errors.js';
import { type EnvelopeAnswer, type EnvelopeJob, readEnvelope } from './envelope-reader.js';

function answerTo(job: EnvelopeJob): EnvelopeAnswer {
  try {
    const { single, messages } = readEnvelope(job);
    return {
      single,
      messages: messages.map((one) => (one instanceof HubError ? { error: one.toWire() } : { message: one })),
    };
  } catch (error) {
    if (error instanceof HubError) return { error: error.toWire() };
    throw error;
  }
}

parentPort?.on('message', (job: EnvelopeJob) => parentPort?.postMessage(answerTo(job)));
