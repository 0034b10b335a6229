/**
 * Waits for some turns of the event loop, in which whatever is ready to run does run. What has not happened after them
 * waits for an event that the test has not caused.
 */
export async function letEventLoopTurn(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
