import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { HealthBadge } from './status-badge.tsx';

it('says colour, icon, axis and word; a word that this page is too old to know is a question', () => {
  const degraded = renderToStaticMarkup(<HealthBadge status="Degraded" />);
  const unheardOf = renderToStaticMarkup(<HealthBadge status={'Sleepy' as never} />);
  const said = (markup: string) => [
    /data-tone="(\w+)"/.exec(markup)?.[1],
    /title="([^"]+)"/.exec(markup)?.[1],
    markup.replaceAll(/<[^>]*>/g, ''),
  ];
  expect([said(degraded), said(unheardOf)]).toEqual([
    ['bad', 'Health: Degraded', 'Health: Degraded'],
    ['quiet', 'Health: Sleepy', 'Health: Sleepy'],
  ]);
});
