/**
 * Faults that a test ordered. Each insert takes the next one: refuse (before any effect), delay, no-answer
 * (executed but never answered), cut-before and cut-after.
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
