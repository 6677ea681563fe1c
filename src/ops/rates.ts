// Counts per second over the last moments, for the monitor.

const SECONDS = 10;

export interface Rates {
  count(name: string, by?: number): void;
  /** Averages over the last ten full seconds. */
  perSecond(): Record<string, number>;
}

export function createRates(): Rates {
  const slots = new Map<string, { second: number; counts: number[] }>();

  /** Empties the slots that time has passed over. */
  function at(second: number, slot: { second: number; counts: number[] }): void {
    const passed = Math.min(second - slot.second, SECONDS + 1);
    for (let step = 1; step <= passed; step++) slot.counts[(slot.second + step) % (SECONDS + 1)] = 0;
    slot.second = second;
  }

  const now = (): number => Math.floor(performance.now() / 1_000);
  return {
    count(name, by = 1) {
      const second = now();
      let slot = slots.get(name);
      if (!slot) {
        slot = { second, counts: Array.from({ length: SECONDS + 1 }, () => 0) };
        slots.set(name, slot);
      }
      at(second, slot);
      const index = second % (SECONDS + 1);
      slot.counts[index] = (slot.counts[index] ?? 0) + by;
    },
    perSecond() {
      const second = now();
      const rates: Record<string, number> = {};
      for (const [name, slot] of slots) {
        at(second, slot);
        const present = slot.counts[second % (SECONDS + 1)] ?? 0;
        rates[name] = (slot.counts.reduce((sum, count) => sum + count, 0) - present) / SECONDS;
      }
      return rates;
    },
  };
}
