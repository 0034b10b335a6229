import { useState } from 'preact/hooks';
import { ApiError } from '../../api/errors.ts';
import { sessionEnd } from '../../data/connection.ts';

export interface Action {
  readonly isPending: boolean;
  /** Why the last run failed. Empty if it did not. */
  readonly fault: string;
  /** Runs a change. A second run while the first one is pending does nothing. */
  readonly run: (change: () => Promise<void>) => Promise<void>;
}

/** Returns the state of a change that a button or a form starts. */
export function useAction(): Action {
  const [isPending, setPending] = useState(false);
  const [fault, setFault] = useState('');
  async function run(change: () => Promise<void>): Promise<void> {
    if (isPending) return;
    setPending(true);
    setFault('');
    try {
      await change();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) sessionEnd.notify();
      setFault(error instanceof Error ? error.message : String(error));
    }
    setPending(false);
  }
  return { isPending, fault, run };
}
