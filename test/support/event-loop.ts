/**
 * Waits for several event-loop turns, in which all ready callbacks run. Anything that has not happened afterwards
 * depends on an event that the test has not caused.
 */
export async function letEventLoopTurn(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
