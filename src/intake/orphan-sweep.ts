// Every now and then, deletes the attachments of attempts that died before their submission was stored.
import type { Logger } from '../ops/logger.js';
import { createPeriodic } from '../ops/periodic.js';
import type { AttachmentStore } from './attachment-store.js';

const EVERY_MS = 600_000;
/** Files younger than this may belong to a mail that is being received, milliseconds. */
const YOUNG_MS = 3_600_000;

/** Starts the sweep: at once from the beginning, then over what has come since the last one. */
export function startOrphanSweep(deps: { attachments: AttachmentStore; logger: Logger }): { stop(): Promise<void> } {
  let from = new Date(0);

  async function sweep(): Promise<void> {
    const to = new Date(Date.now() - YOUNG_MS);
    try {
      const deleted = await deps.attachments.sweepOrphans(from, to);
      // Overlapping by as much again, since the clocks of processes differ.
      from = new Date(to.getTime() - YOUNG_MS);
      if (deleted > 0) deps.logger.info({ deleted }, 'deleted attachments that no submission refers to');
    } catch (error) {
      deps.logger.debug({ err: error }, 'the sweep of attachments failed; it will be repeated');
    }
  }
  const sweeps = createPeriodic(sweep, EVERY_MS);
  void sweeps.start();
  return { stop: () => sweeps.stop() };
}
