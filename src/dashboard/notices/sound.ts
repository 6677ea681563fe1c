// Two short notes for new items; made, not loaded.
let context: AudioContext | null = null;
let last = Number.NEGATIVE_INFINITY;
const APART_MS = 2_000;

/** Plays them, at most once in two seconds; a browser that wants a click first stays silent. */
export function playChime(): void {
  const now = performance.now();
  if (now - last < APART_MS) return;
  last = now;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => {});
  const start = context.currentTime;
  for (const [offset, frequency] of [
    [0, 660],
    [0.09, 880],
  ] as const) {
    const note = new OscillatorNode(context, { type: 'sine', frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start + offset);
    volume.gain.linearRampToValueAtTime(0.07, start + offset + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + offset + 0.22);
    note.connect(volume).connect(context.destination);
    note.start(start + offset);
    note.stop(start + offset + 0.25);
  }
}
