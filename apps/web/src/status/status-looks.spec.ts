import { expect, it } from 'vitest';
import { candidateLooks, phaseLooks, repairLooks, rolloutLooks } from './delivery-looks.ts';
import { connectionLooks, healthLooks, syncLooks, type StatusLook } from './status-looks.ts';

const axes: readonly [axis: string, looks: Readonly<Record<string, StatusLook>>][] = [
  ['sync', syncLooks],
  ['health', healthLooks],
  ['rollouts', rolloutLooks],
  ['clusters in a rollout', phaseLooks],
  ['releases before a stage', candidateLooks],
  ['repairs of Git', repairLooks],
];

it.each(axes)('each status of %s has a shape of its own: colour is never the only difference', (_, looks) => {
  const icons = Object.values(looks).map(({ icon }) => icon);
  expect(new Set(icons).size).toBe(icons.length);
});

it('a cluster that is heard is told from all others by its shape, and nothing unheard looks well', () => {
  const { Connected, ...unheard } = connectionLooks;
  const others = Object.values(unheard);
  expect(others.some(({ icon, tone }) => icon === Connected.icon || tone === 'good')).toBe(false);
});
