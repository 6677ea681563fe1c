// The thread in which bodies are read: whatever is in them, only this thread is busy with it.
import { parentPort } from 'node:worker_threads';
import { HubError } from '../errors.js';
import type { IntakeLimits } from '../intake/envelope.js';
import type { EnvelopeAnswer } from './envelope-reader.js';
import { readEnvelope } from './read-envelope.js';
import type { Batch } from './reading-lane.js';

function answerTo(bytes: Uint8Array, limits: IntakeLimits): EnvelopeAnswer {
  try {
    const { single, messages } = readEnvelope(bytes, limits);
    return {
      single,
      messages: messages.map((one) => (one instanceof HubError ? { error: one.toWire() } : { mail: one })),
    };
  } catch (error) {
    if (error instanceof HubError) return { error: error.toWire() };
    throw error;
  }
}

parentPort?.on('message', ({ bytes, ends, limits }: Batch) => {
  const answers = ends.map((end, index) =>
    answerTo(bytes.subarray(index === 0 ? 0 : ends[index - 1], end), limits[index] as IntakeLimits),
  );
  parentPort?.postMessage(answers);
});
