import { Fault } from '@flotilla/foundation';

/** In a project one agent upgrade is open at a time. */
export function upgradeOpen(): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'UpgradeOpen',
    message: 'an agent upgrade is under way; wait for it, or end it with: flotilla agent abort',
  });
}

/** There is nothing that could be steered. */
export function upgradeMissing(project: string): Fault {
  const message = `no agent upgrade is under way in project ${project}`;
  return new Fault({ code: 'not-found', reason: 'UpgradeMissing', message });
}
