/** Points in the build of a roll-up at which tests kill the process. */
export const rollUpFailpoints = ['roll-up.filled', 'roll-up.registered'] as const;

export type RollUpFailpoint = (typeof rollUpFailpoints)[number];
