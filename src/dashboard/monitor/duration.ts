// Lengths of time, as short as they can be said.

/** `42s`, `3m 20s`, `2h 05m`, `4d 3h`; whole minutes and hours without a rest. */
export function formatDuration(seconds: number): string {
  const [s, m, h, d] = [
    seconds % 60,
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds / 3_600) % 24,
    seconds / 86_400,
  ];
  const parts: [string, string] =
    d >= 1
      ? [`${Math.floor(d)}d`, h ? `${h}h` : '']
      : h >= 1
        ? [`${h}h`, m ? `${String(m).padStart(2, '0')}m` : '']
        : m >= 1
          ? [`${m}m`, s ? `${String(s).padStart(2, '0')}s` : '']
          : [`${s}s`, ''];
  return parts.filter(Boolean).join(' ');
}
