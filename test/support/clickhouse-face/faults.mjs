/**
 * Faults that a test ordered, first come first served, one for each insert:
 * refuse (before anything is done), delay, no-answer (carried out, never answered), cut-before and cut-after.
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
