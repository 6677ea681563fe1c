// What a person is told while a mongod is downloaded.

/** Gets lines for a person to read while something is downloaded; nothing otherwise. */
export type ProgressListener = (line: string) => void;

/** What a download tells while it runs. */
export interface Progress {
  line(text: string): void;
  /** `total` is 0 when unknown. */
  bytes(done: number, total: number): void;
}

/** Turns what a download tells into lines: of bytes, one per tenth. */
export function reportTo(line: (text: string) => void): Progress {
  let lastTenth = -1;
  return {
    line(text) {
      lastTenth = -1;
      line(text);
    },
    bytes(done, total) {
      if (total <= 0) return;
      const tenth = Math.floor((done / total) * 10);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      line(`Downloading MongoDB … ${tenth * 10} % (${megabytes(done)} of ${megabytes(total)} MB)`);
    },
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
