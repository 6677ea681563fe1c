// The status machine once more, written down by hand from the contract, for tests to compare with.

// Rows: from; columns: to.
const TABLE = `
              pending in_progress needs_info referred quoted bound declined withdrawn completed
  pending     .       a           .          .        .      .     .        .         .
  in_progress .       .           h          h        h      .     h        h         .
  needs_info  .       h           .          .        .      .     h        h         .
  referred    .       h           .          .        h      .     h        h         .
  quoted      .       h           .          .        .      h     h        h         .
  bound       .       .           .          .        .      .     .        .         h
  declined    .       s           .          .        .      .     .        .         .
  withdrawn   .       s           .          .        .      .     .        .         .
  completed   .       .           .          .        .      .     .        .         .
`;
const [header, ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/));
/** By `from>to`: `h` assignee and supervisors, `a` the assignee only, `s` supervisors only, `.` nobody. */
export const takers = new Map(
  rows.flatMap(([from, ...cells]) => cells.map((cell, i) => [`${from}>${header?.[i]}`, cell] as const)),
);
