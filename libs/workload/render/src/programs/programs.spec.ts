import { describe, expect, it } from 'vitest';
import { isTaken, programVersions, readVersion, versionsText } from './program-versions.ts';
import { InstalledPrograms } from './programs.ts';

describe('the version of a program', () => {
  it.each([
    ['v5.8.2\n', [5, 8, 2]],
    ['v4.3', [4, 3, 0]],
    ['version.BuildInfo{Version:"v3.18.6", GitCommit:"b76a950f"}', [3, 18, 6]],
    ['{Version:kustomize/v4.5.7 GitCommit:56d82a}', [4, 5, 7]],
    ['(devel)', undefined],
  ])('is read from %j', (said, version) => expect(readVersion(said)).toEqual(version));

  it.each([
    [[5, 4, 3], false],
    [[5, 5, 0], true],
    [[5, 10, 0], true],
    [[6, 0, 0], false],
  ] as const)('of kustomize %j is taken: %s', (version, isGood) => {
    expect(isTaken(version, programVersions.kustomize)).toBe(isGood);
  });

  it('is told to people', () => {
    expect(versionsText(programVersions.helm)).toBe('3.18.5 or newer, but older than 5.0.0');
  });
});

describe('a program that is not there', () => {
  it.each([
    ['on a PATH without it', { path: '/nowhere:relative' }, 'helm is not on the PATH of this machine'],
    ['without any PATH', {}, 'helm is not on the PATH of this machine'],
    ['where it was said to be', { configured: { helm: '/nowhere/helm' } }, 'helm is not a program at /nowhere/helm'],
  ])('is missed by name, with what is needed and the way out: %s', async (_, places, what) => {
    const wayOut = "put an official helm there, or name one in HELM_BIN; the agent's image brings it";
    expect(await new InstalledPrograms(places).run('helm', { words: [], files: [] })).toEqual({
      ok: false,
      reason: {
        kind: 'Unavailable',
        message: `${what}; needed is 3.18.5 or newer, but older than 5.0.0: ${wayOut}`,
      },
    });
  });
});
