/** A program that makes manifests of files. */
export type ProgramName = 'kustomize' | 'helm';

/** First version that is taken, first that is not any more, and the variable that names the program to an agent. */
export interface ProgramVersions {
  readonly from: Version;
  readonly before: Version;
  readonly setting: string;
}

/** A version in its three parts, which compare one after another. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * helm reads files and addresses that a chart's schema names up to 3.18.4 (CVE-2025-55199); kustomize renders alike from
 * 5.5 on. Another major version may mean something else by the same files.
 */
export const programVersions: Readonly<Record<ProgramName, ProgramVersions>> = {
  kustomize: { from: [5, 5, 0], before: [6, 0, 0], setting: 'KUSTOMIZE_BIN' },
  helm: { from: [3, 18, 5], before: [5, 0, 0], setting: 'HELM_BIN' },
};

/** The version in what a program says of itself: `v5.8.2`, `v4.3.1+g0`; a patch that it does not tell counts as 0. */
export function readVersion(said: string): Version | undefined {
  const [, major, minor, patch = '0'] = /v(\d+)\.(\d+)(?:\.(\d+))?/.exec(said) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isTaken(version: Version, { from, before }: ProgramVersions): boolean {
  return compare(version, from) >= 0 && compare(version, before) < 0;
}

/** `5.5.0 or newer, but older than 6.0.0`. */
export function versionsText({ from, before }: ProgramVersions): string {
  return `${from.join('.')} or newer, but older than ${before.join('.')}`;
}

function compare(left: Version, right: Version): number {
  const place = left.findIndex((part, index) => part !== right[index]);
  return place < 0 ? 0 : left[place]! - right[place]!;
}
