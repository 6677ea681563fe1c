// Submissions as they were received, their attachments, and the confirmation of the old service.
import { Router } from 'express';
import { createEvidence } from '../intake/evidence.js';
import type { Commands } from '../workitems/commands.js';
import type { SubmissionReader } from '../workitems/submission-reader.js';
import { sendAttachment } from './attachment-download.js';
import { allowOnly } from './error-handler.js';
import { type Guards, sessionOf } from './guards.js';
import { check } from '../check.js';
import { confirmSchema, noQuerySchema, opaqueIdSchema, refSchema, submissionsQuerySchema } from './requests.js';

export interface SubmissionDeps {
  snapshot: SubmissionReader;
  commands: Commands;
}

export function submissionRoutes({ snapshot, commands }: SubmissionDeps, guards: Guards): Router {
  const router = Router();
  const evidenceOf = createEvidence();

  router
    .route('/api/submissions')
    .get(guards.token, async (req, res) => {
      const query = check(submissionsQuerySchema, req.query);
      res.json(await snapshot.listSubmissions(sessionOf(res).principal, query));
    })
    .all(allowOnly('GET'));

  router
    .route('/api/submissions/:ref')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      const ref = check(refSchema, req.params.ref, 'ref');
      const mail = await snapshot.submission(sessionOf(res).principal, ref);
      res.json({ ...mail, evidence: evidenceOf(mail) });
    })
    .all(allowOnly('GET'));

  router
    .route('/api/submissions/:ref/attachments/:id')
    .get(guards.token, async (req, res) => {
      check(noQuerySchema, req.query);
      const ref = check(refSchema, req.params.ref, 'ref');
      const id = check(opaqueIdSchema, req.params.id, 'id');
      await sendAttachment(req, res, await snapshot.attachment(sessionOf(res).principal, ref, id));
    })
    .all(allowOnly('GET'));

  router
    .route('/api/submissions/confirm/:ref')
    .post(...guards.command, async (req, res) => {
      const ref = check(refSchema, req.params.ref, 'ref');
      const body = check(confirmSchema, req.body ?? {});
      res.json(await commands.confirm(sessionOf(res).principal, ref, body));
    })
    .all(allowOnly('POST'));

  return router;
}
