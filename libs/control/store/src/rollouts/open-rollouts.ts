/** SQL for whether a rollout has something left to do or to decide, as `isOpenRollout` says it. */
export const isOpen = `rollout.state IN ('Running', 'Paused', 'Halted')`;
