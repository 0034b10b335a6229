/** The steps of a sink at which tests kill the process (docs/explanation/delivery.md). */
export const sinkFailpoints = ['insert.before', 'insert.after', 'dead-letter.after', 'hint.before'] as const;

/** The steps at which a process takes over a partition. */
export const fenceFailpoints = ['take.written', 'take.waited'] as const;

/** The steps of the commands that repair what is stored. */
export const repairFailpoints = ['replay.stored', 'repair.removed', 'repair.filled'] as const;

export type SinkFailpoint = (typeof sinkFailpoints)[number];
export type FenceFailpoint = (typeof fenceFailpoints)[number];
export type RepairFailpoint = (typeof repairFailpoints)[number];
