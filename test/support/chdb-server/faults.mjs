/**
 * Keeps the faults that a test ordered. Each insert uses the next fault: refuse (before any effect), delay, no-answer
 * (executed but without a response), cut-before or cut-after.
 */
export function createFaults() {
  const ordered = [];
  return {
    order(fault) {
      for (let n = 0; n < (fault.times ?? 1); n++) ordered.push(fault);
    },
    clear() {
      ordered.length = 0;
    },
    takeForInsert: () => ordered.shift(),
  };
}
