// The peer of the intake: an Express handler that reads a few fields and saves two mongoose documents, each with majority
// and journal, before it answers. It knows no duplicates, no attachments, no outbox, no log and nobody to tell.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import mongoose, { Schema } from 'mongoose';
import { answerQuestions } from '../ipc.js';

const durable = { autoIndex: false, writeConcern: { w: 'majority', j: true } } as const;

const Submission = mongoose.model(
  'Submission',
  new Schema(
    {
      submission_ref: { type: String, required: true },
      message_id: String,
      subject: String,
      from_email: String,
      received_at: Date,
      created_at: Date,
      body_text: String,
      extracted_fields: Object,
    },
    durable,
  ),
);
const WorkItem = mongoose.model(
  'WorkItem',
  new Schema(
    {
      submission: { type: Schema.Types.ObjectId, required: true },
      submission_ref: { type: String, required: true },
      subject: String,
      from_email: String,
      status: { type: String, default: 'pending' },
      assigned_to: String,
      created_at: Date,
      extracted_fields: Object,
    },
    durable,
  ),
);

function extract(text: string, subject: string) {
  const labelled = (labels: string): string | null =>
    new RegExp(`^(?:${labels}):[ \\t]*(.+)$`, 'im').exec(text)?.[1]?.trim() ?? null;
  return {
    insured_name: labelled('Insured|Client') ?? / - (.+)$/.exec(subject)?.[1] ?? null,
    policy_type: labelled('Class|Policy type'),
    coverage_amount: /(?:[$£€]|USD|GBP|EUR)\s?[\d,]+/.exec(labelled('Limit|Coverage') ?? '')?.[0] ?? null,
    effective_date: labelled('Inception|Effective'),
    broker: /^.*\bBrokers\b.*$/m.exec(text)?.[0] ?? null,
  };
}

const app = express();
app.use(express.json({ limit: '25mb' }));
app.post('/api/email/intake', async (req, res) => {
  if (req.get('x-api-key') !== process.env.INTAKE_KEY) {
    res.status(401).json({ error: 'unauthenticated' });
    return;
  }
  const { internetMessageId, subject, from, receivedDateTime, body } = req.body;
  const mail = {
    submission_ref: randomUUID(),
    subject,
    from_email: from,
    created_at: new Date(),
    extracted_fields: extract(body, subject),
  };
  const submission = await new Submission({
    ...mail,
    message_id: internetMessageId,
    received_at: receivedDateTime,
    body_text: body,
  }).save();
  await new WorkItem({ ...mail, submission: submission._id }).save();
  res.json({ submission_ref: mail.submission_ref, submission_id: submission._id, status: 'success' });
});

process.on('SIGTERM', () => process.exit());
answerQuestions({
  hello: () => {},
  async listen() {
    await mongoose.connect(process.env.MONGODB_URL as string, { dbName: process.env.MONGODB_DATABASE });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
});
