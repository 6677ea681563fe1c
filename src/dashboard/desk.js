// What one may see, live, in one page without a build: the list, then the raw WebSocket from where the list ends.
const $ = (id) => document.getElementById(id);
const items = new Map();
const rows = new Map();
/** Versions at which items left, so that a late page of the list does not bring them back. */
const gone = new Map();
const EMPTY = 'Nothing here yet. New work items appear by themselves.';
const SHORT = { dateStyle: 'short', timeStyle: 'short' };
let me = null;
let position = null;
let attempt = 0;

const token = takeToken();
if (token) void start();
else {
  show('signed out', 'Open one of the sign-in links that the hub printed when it started.');
}

/** From the link, which then leaves the address bar; kept for this tab only. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token');
}

function show(state, notice) {
  $('connection').dataset.state = state;
  $('connection').textContent = state;
  $('notice').hidden = !notice;
  if (notice) $('notice').textContent = notice;
}

function showLive() {
  show('live', items.size === 0 ? EMPTY : '');
}

async function start() {
  try {
    await takeSnapshot();
    connect();
  } catch (error) {
    if (error.final) show('signed out', error.message);
    else retry(start);
  }
}

async function takeSnapshot() {
  const fresh = new Map();
  let first = null;
  for (let cursor = null; ; ) {
    const response = await fetch(`api/workitems?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = await response.json();
    if (!response.ok) {
      throw Object.assign(new Error(body.error.message), { final: response.status === 401 || response.status === 403 });
    }
    first ??= body.position;
    for (const item of body.items) fresh.set(item.id, item);
    cursor = body.next_cursor;
    if (!cursor) break;
  }
  for (const id of items.keys()) if (!fresh.has(id)) remove(id);
  for (const item of fresh.values()) put(item, false);
  position = first;
}

function connect() {
  const { epoch, seq, scope } = position;
  const url = new URL('ws/workitems', location.href.replace(/^http/, 'ws'));
  url.search = new URLSearchParams({ v: '2', since: `${epoch}:${seq}:${scope}` });
  const socket = new WebSocket(url, ['workitems', `bearer.${token}`]);
  show('catching up');
  socket.onmessage = ({ data }) => receive(socket, JSON.parse(data));
  socket.onclose = ({ code, reason }) => {
    if (code === 4401 || code === 4403) show('signed out', reason || 'Sign in again.');
    else retry(connect);
  };
}

/** Later at each attempt, and never all pages at once. */
function retry(what) {
  show('offline');
  attempt += 1;
  setTimeout(() => void what(), Math.random() * Math.min(15_000, 500 * 2 ** attempt));
}

function receive(socket, { event, data, seq, epoch }) {
  if (event === 'ready') {
    me = data.principal;
    $('who').textContent = [me.name ?? me.sub, ...me.roles].join(', ');
    if (data.verdict === 'resync') resync(socket);
  } else if (event === 'resync_required') {
    resync(socket);
  } else if (event === 'caught_up') {
    attempt = 0;
    showLive();
  } else {
    const item = event === 'new_workitem' ? data : data.item;
    if (item) apply(item);
  }
  position = { ...position, epoch, seq };
}

/** The simplest right thing: the list anew, and the stream from where that ends. */
function resync(socket) {
  socket.onclose = null;
  socket.onmessage = null;
  socket.close();
  void start();
}

function maySee(item) {
  if (me.roles.includes('supervisor') || me.roles.includes('admin')) return true;
  if (item.assigned_to !== null) return item.assigned_to === me.sub;
  return item.team === null || me.teams.includes(item.team);
}

function apply(item) {
  if ((items.get(item.id)?.version ?? gone.get(item.id) ?? 0) >= item.version) return;
  if (maySee(item)) put(item, !items.has(item.id));
  else {
    gone.set(item.id, item.version);
    remove(item.id);
  }
}

function put(item, isNew) {
  if ((items.get(item.id)?.version ?? 0) >= item.version) return;
  items.set(item.id, item);
  const row = draw(item);
  row.classList.toggle('new', isNew);
  const old = rows.get(item.id);
  rows.set(item.id, row);
  if (old) old.replaceWith(row);
  else place(row, item.id);
  document.querySelector('table').hidden = false;
  $('notice').hidden = true;
}

function place(row, id) {
  row.dataset.id = id;
  for (const other of $('items').children) {
    if (Number(other.dataset.id) < id) {
      other.before(row);
      return;
    }
  }
  $('items').append(row);
}

function remove(id) {
  items.delete(id);
  rows.get(id)?.remove();
  rows.delete(id);
  document.querySelector('table').hidden = items.size === 0;
  // While the list is being read anew, what is missing may still come.
  if ($('connection').dataset.state === 'live') showLive();
}

function draw(item) {
  const row = document.createElement('tr');
  row.dataset.id = item.id;
  const fields = item.extracted_fields;
  const received = new Date(item.created_at);
  for (const [label, text, kind, more] of [
    // Not `??`: a mail may have an empty subject.
    ['Insured', fields.insured_name || item.subject, '', item.subject],
    ['Class', fields.policy_type],
    ['Limit', fields.coverage_amount, 'solid number'],
    ['From', fields.broker || item.from_email],
    ['Status', item.status.replace('_', ' ')],
    ['With', item.assigned_to ?? (item.team ? `team ${item.team}` : 'pool')],
    ['Received', received.toLocaleString([], SHORT), 'solid', received.toLocaleString()],
  ]) {
    const cell = document.createElement('td');
    cell.dataset.label = label;
    if (kind) cell.className = kind;
    if (!text) cell.classList.add('none');
    // What is cut off can be read by pointing at it.
    cell.title = [...new Set([text, more])].filter(Boolean).join('\n');
    const shown = document.createElement('span');
    shown.textContent = text || '–';
    cell.append(shown);
    row.append(cell);
  }
  return row;
}
