// One client's stream: where it starts, the tick in which it joins the live events, and every way it ends. There are thousands
// of them, mostly idle: a class, because a closure for each thing that a stream can do would be a quarter of what one costs.
import {
  CONTRACT,
  type ControlEventData,
  type ControlEventName,
  type Filter,
  type Position,
  type ResyncReason,
} from '@workitem-hub/client/contract';
import { type Session, assertViewer } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { LogEvent } from '../eventlog/event.js';
import type { BreakReason } from '../relay/relay.js';
import { BackPressure } from './back-pressure.js';
import { readPatiently } from './cursors.js';
import type { Member } from './fan-out.js';
import { type Replaying, replay } from './replay.js';
import { type Verdict, judgePosition } from './resume.js';
import { scopeChange } from './scope.js';
import { type Expiring, SessionClock } from './session-clock.js';
import type { OpenOptions, Subscription, SubscriptionDeps, Viewer } from './subscription.js';
import type { CutReason, Transport } from './transport.js';
import { type Audience, createAudience } from './view.js';

const HEAD_MS = 15_000;

const EXPIRED: CutReason = { code: 'token_expired', message: 'The token has expired.' };
const REVOKED: CutReason = { code: 'unauthenticated', message: 'The token was revoked.' };
const SLOW: CutReason = {
  code: 'too_slow',
  message: 'The connection is too slow for its stream; resume from your position.',
};
const FAILED: CutReason = { code: 'unavailable', message: 'The stream failed; connect again.' };

export class Stream implements Subscription, Member, Replaying, Expiring {
  session: Session;
  audience: Audience;
  cursor: number;
  private phase: 'opening' | 'replaying' | 'live' | 'closed' = 'opening';
  private replayed = 0;
  private headAt = 0;
  private readonly clientId: string | null;
  private readonly pressure: BackPressure;
  private readonly clock = new SessionClock(this);

  constructor(
    private readonly deps: SubscriptionDeps,
    private readonly transport: Transport,
    { session, rooms }: Viewer,
    { clientId, filter }: OpenOptions,
  ) {
    const { principal } = session;
    this.session = session;
    this.audience = createAudience(rooms ?? assertViewer(principal), filter ?? null, principal.sub);
    this.cursor = deps.relay.position;
    this.clientId = clientId ?? null;
    this.pressure = new BackPressure(transport, deps.limits);
  }

  get rooms(): readonly string[] {
    return this.audience.rooms;
  }

  get scope(): string {
    return this.audience.scope;
  }

  get sentTo(): number {
    return this.phase === 'live' ? this.deps.publishedTo() : this.cursor;
  }

  get closed(): boolean {
    return this.phase === 'closed';
  }

  get replaying(): boolean {
    return this.phase === 'replaying';
  }

  get queuedBytes(): number {
    return this.transport.queuedBytes();
  }

  private get sub(): string {
    return this.session.principal.sub;
  }

  /** Starts in this very tick: a stream without a position is live when this returns. */
  open(presented: Position | null): void {
    this.begin(presented).catch((error: unknown) => {
      this.deps.logger.error({ err: error }, 'a stream failed');
      this.cut(FAILED);
    });
  }

  private async begin(presented: Position | null): Promise<void> {
    const { relay, cursors, onVerdict } = this.deps;
    const isClosed = (): boolean => this.closed;
    const position =
      presented ?? (this.clientId === null ? null : await readPatiently(cursors, this.sub, this.clientId, isClosed));
    const { scope } = this;
    let verdict: Verdict = position
      ? await judgePosition(relay, position, this.audience, isClosed)
      : { verdict: 'fresh' };
    if (this.closed) return;
    // Another token or filter came while it waited: the position was judged for what is no longer shown.
    const changed = position && scopeChange(scope, this.scope);
    if (changed) verdict = { verdict: 'resync', reason: changed };
    onVerdict(verdict.verdict, verdict.verdict === 'resync' ? verdict.reason : undefined);
    this.cursor = verdict.verdict === 'resumed' ? verdict.seq : relay.position;
    this.transport.gather();
    this.sendReady(verdict);
    // Sending checks the rights, and may have ended it.
    if (this.closed) return;
    this.phase = 'replaying';
    const replayed = replay(this, this.deps);
    // Only now: `token_expiring` comes after `ready`, and after a replay that is done in this tick.
    if (!this.closed) this.clock.look(Date.now());
    await replayed;
  }

  private sendReady(verdict: Verdict): void {
    const { principal, expiresAt } = this.session;
    this.sendControl('ready', {
      epoch: this.deps.relay.epoch,
      seq: this.cursor,
      scope: this.scope,
      verdict: verdict.verdict,
      ...(verdict.verdict === 'resync' ? { reason: verdict.reason } : {}),
      principal,
      expires_at: new Date(Number.isFinite(expiresAt) ? expiresAt : 8.64e15).toISOString(),
      contract: CONTRACT,
    });
  }

  goLive(): void {
    const { relay, fanOut } = this.deps;
    this.phase = 'live';
    this.headAt = Date.now() + HEAD_MS * (0.5 + Math.random() / 2);
    fanOut.join(this, this.audience);
    this.sendControl('caught_up', { epoch: relay.epoch, seq: relay.position, count: this.replayed });
  }

  deliver(events: readonly LogEvent[]): void {
    if (!this.mayWrite()) return;
    this.transport.sendEvents(events, this.deps.relay.epoch);
    this.cutIfSlow(Date.now());
  }

  sendReplayed(events: readonly LogEvent[], bytes: number): void {
    this.replayed += events.length;
    this.deps.chargeReplay(this.sub, bytes);
    // With `caught_up`, when nothing is left after them.
    this.transport.gather();
    this.transport.sendEvents(events, this.deps.relay.epoch);
  }

  sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N]): void {
    if (!this.mayWrite()) return;
    const { epoch } = this.deps.relay;
    this.transport.sendControl(name, data, { epoch, seq: this.sentTo, at: new Date().toISOString() });
  }

  /** Rights are checked wherever something is written, not only when a timer says so. */
  mayWrite(): boolean {
    if (this.closed) return false;
    if (Date.now() >= this.session.cutAt) this.cut(EXPIRED);
    else if (this.deps.isRevoked(this.session)) this.cut(REVOKED);
    return !this.closed;
  }

  mayContinue(): boolean {
    if (this.pressure.mayContinue()) return true;
    this.cutIfSlow(Date.now());
    return false;
  }

  onExpiring(): void {
    this.sendControl('token_expiring', { expires_at: new Date(this.session.expiresAt).toISOString() });
  }

  onExpired(): void {
    this.cut(EXPIRED);
  }

  inspect(now: number): void {
    if (!this.mayWrite() || this.phase === 'opening') return;
    this.clock.look(now);
    if (this.phase !== 'live' || this.cutIfSlow(now) || now < this.headAt) return;
    this.headAt = now + HEAD_MS;
    this.sendControl('head', { epoch: this.deps.relay.epoch, seq: this.sentTo });
  }

  setFilter(filter: Filter | null): { scope: string; position: Required<Position> } {
    this.show(createAudience(this.rooms, filter, this.sub));
    const { scope, sentTo } = this;
    return { scope, position: { epoch: this.deps.relay.epoch, seq: sentTo, scope } };
  }

  refresh(session: Session): { scope: string } {
    const { principal } = session;
    if (principal.sub !== this.sub) throw new HubError('forbidden', 'The token is of another person.');
    const rooms = assertViewer(principal);
    // It may have been cut while the token was verified; its timers must not start again.
    if (this.closed) throw new HubError('token_expired', 'This stream has ended; connect again.');
    this.session = session;
    const changed = JSON.stringify(rooms) !== JSON.stringify(this.rooms);
    if (changed) this.show(createAudience(rooms, this.audience.filter, this.sub));
    if (this.phase !== 'opening') this.clock.reset();
    if (changed) this.logBroke('rights_changed');
    return { scope: this.scope };
  }

  async ack({ epoch, seq, scope }: Position): Promise<{ epoch: string; seq: number }> {
    const { relay, cursors } = this.deps;
    if (this.clientId === null) throw new HubError('invalid', 'ack needs a client_id in the handshake.');
    if (this.phase === 'opening') throw new HubError('invalid', 'Nothing has been sent yet.');
    if (epoch !== relay.epoch) throw new HubError('invalid', 'The epoch is not the present one.');
    if (seq > this.sentTo) throw new HubError('invalid', 'The position is past what was sent.');
    await cursors.advance(this.sub, this.clientId, { epoch, seq, scope: scope ?? this.scope });
    return { epoch, seq };
  }

  logBroke(reason: BreakReason | 'rights_changed'): void {
    if (this.phase === 'live' || this.phase === 'replaying') this.resync(reason);
  }

  /** What is shown can no longer be told as a sequence of events: the client takes a snapshot and goes on from here. */
  resync(reason: ResyncReason): void {
    const { relay } = this.deps;
    const wasReplaying = this.replaying;
    if (wasReplaying) this.cursor = relay.position;
    this.sendControl('resync_required', { reason, lowest_seq: relay.floor, scope: this.scope });
    if (wasReplaying && this.replaying) this.goLive();
  }

  private show(next: Audience): void {
    const { fanOut } = this.deps;
    if (this.phase === 'live') fanOut.leave(this, this.audience);
    this.audience = next;
    if (this.phase === 'live') fanOut.join(this, this.audience);
  }

  private cutIfSlow(now: number): boolean {
    const slow = this.pressure.exceeded(now);
    if (slow) this.cut(SLOW);
    return slow;
  }

  cut(reason: CutReason): void {
    if (this.closed) return;
    this.deps.onCut(reason.code);
    this.close();
    this.transport.cut(reason);
  }

  close(): void {
    if (this.closed) return;
    if (this.phase === 'live') this.deps.fanOut.leave(this, this.audience);
    this.cursor = this.sentTo;
    this.phase = 'closed';
    this.clock.stop();
    this.deps.onClosed(this);
  }
}
