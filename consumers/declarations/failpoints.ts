/** Points in the sink at which tests kill the process (docs/explanation/delivery.md). */
export const sinkFailpoints = ['insert.before', 'insert.after', 'dead-letter.after', 'hint.before'] as const;

/** Points in a partition takeover at which tests kill the process. */
export const fenceFailpoints = ['take.written', 'take.waited'] as const;

/** Points in the replay and repair commands at which tests kill the process. */
export const repairFailpoints = ['replay.stored', 'repair.removed', 'repair.filled'] as const;

/** Points in the conversion of the event table at which tests kill the process. */
export const conversionFailpoints = [
  'convert.cleared',
  'convert.slice',
  'convert.month',
  'convert.verified',
  'convert.exchanged',
  'convert.compared',
] as const;

/** Points in the replacement of pseudonyms of forgotten viewers at which tests kill the process. */
export const viewerFailpoints = [
  'forget.counted',
  'forget.sessions',
  'forget.letters',
  'forget.published',
  'forget.replaced',
  'forget.erased',
] as const;

/** Points in archiving and dropping a month at which tests kill the process. */
export const retentionFailpoints = [
  'retention.sessions',
  'retention.sequences',
  'retention.recorded',
  'retention.dropped',
  'retention.removed',
] as const;

export type SinkFailpoint = (typeof sinkFailpoints)[number];
export type FenceFailpoint = (typeof fenceFailpoints)[number];
export type RepairFailpoint = (typeof repairFailpoints)[number];
export type ViewerFailpoint = (typeof viewerFailpoints)[number];
export type RetentionFailpoint = (typeof retentionFailpoints)[number];
export type ConversionFailpoint = (typeof conversionFailpoints)[number];
