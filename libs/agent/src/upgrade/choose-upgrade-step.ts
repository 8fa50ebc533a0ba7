import type { Reason, WishedAgent } from '@flotilla/model';
import { isOpen, type UpgradeRecord } from './upgrade-record.ts';

/** All that an agent's next step in an upgrade rests on. */
export interface UpgradeSight {
  readonly wish: WishedAgent | undefined;
  readonly record: UpgradeRecord | undefined;
  /** The image of this process, and the one that the Deployment asks for. */
  readonly mine: string;
  readonly wanted: string;
  /** The upgrade for which the Deployment was switched last. */
  readonly begun: string | undefined;
  readonly connected: boolean;
  /** The control plane stored something that this very process said. */
  readonly proven: boolean;
  readonly now: number;
}

/** One step. Each leaves the world so that the next look, by whichever agent is alive then, finds what to do. */
export type UpgradeStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'plan'; readonly wish: WishedAgent }
  | { readonly do: 'watch' | 'switch' | 'confirm'; readonly record: UpgradeRecord }
  | { readonly do: 'refuse'; readonly record: UpgradeRecord; readonly reason: Reason };

/** A watchdog that has not said in this time that it runs is not relied on. */
export const watchdogPatienceMs = 120_000;

const nothing: UpgradeStep = { do: 'nothing' };

/** Decides the next step. Pure: the whole course of an upgrade can be read here. */
export function chooseUpgradeStep(sight: UpgradeSight): UpgradeStep {
  const { record, wish } = sight;
  if (record && isOpen(record)) return stepOfOpen(record, sight);
  if (!wish || record?.upgrade === wish.upgrade || sight.mine === wish.image) return nothing;
  // Begun only while the control plane is heard: a new agent could not prove itself to one that is away. And not while
  // the Deployment is on its way to something else.
  return sight.connected && sight.mine === sight.wanted ? { do: 'plan', wish } : nothing;
}

function stepOfOpen(record: UpgradeRecord, sight: UpgradeSight): UpgradeStep {
  const { mine, wanted, begun, proven } = sight;
  if (mine === record.to) return proven ? { do: 'confirm', record } : nothing;
  // The new agent is on its way, and this one about to be stopped: what becomes of it is for the two others to say.
  if (wanted === record.to) return nothing;
  // Also when the old image stands there again: a person who undoes a switch is not argued with.
  const isByOthers = mine !== record.from || wanted !== record.from || begun === record.upgrade;
  if (isByOthers) return refuse(record, changedByOthers(wanted));
  if (sight.wish?.upgrade !== record.upgrade) return refuse(record, withdrawn);
  return record.phase === 'Watched' ? { do: 'switch', record } : stepOfPlanned(record, sight);
}

function stepOfPlanned(record: UpgradeRecord, { now }: UpgradeSight): UpgradeStep {
  const isLate = now - Date.parse(record.plannedAt) > watchdogPatienceMs;
  return isLate ? refuse(record, watchdogSilent) : { do: 'watch', record };
}

function refuse(record: UpgradeRecord, reason: Reason): UpgradeStep {
  return { do: 'refuse', record, reason };
}

const withdrawn: Reason = { code: 'Withdrawn', message: 'the upgrade was withdrawn before anything was changed' };

const watchdogSilent: Reason = {
  code: 'WatchdogSilent',
  message: `the watchdog Job did not say within ${watchdogPatienceMs / 1_000} s that it runs; nothing was changed`,
};

function changedByOthers(image: string): Reason {
  return { code: 'DeploymentChanged', message: `somebody else set the agent's image to ${image}` };
}
