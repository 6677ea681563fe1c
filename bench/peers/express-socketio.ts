// The peer of the latency: an Express handler that emits to everybody and answers. Nothing is stored anywhere.
import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import { nextEvent, servePeer } from './emitter.js';

const app = express();
const server = createServer(app);
const io = new Server(server, { serveClient: false });
const namespace = io.of('/workitems');

app.use(express.json({ limit: '25mb' }));
app.post('/api/email/intake', (req, res) => {
  const { subject, from } = req.body as { subject: string; from: string };
  const { data, meta } = nextEvent({ subject, from_email: from });
  namespace.emit('new_workitem', data, meta);
  res.json({ submission_ref: data.submission_ref, submission_id: data.id, status: 'success' });
});

servePeer(server, ({ data, meta }) => {
  namespace.emit('new_workitem', data, meta);
});
