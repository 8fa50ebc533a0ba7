import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { hostileStrings } from '../mock/hostile-strings.ts';
import { Commit } from './commit.tsx';
import { ForeignText } from './foreign-text.tsx';
import { SafeLink } from './safe-link.tsx';

/** The tags and attributes of some markup, with all text taken out: what text could have added to. */
function skeleton(markup: string): string {
  return [...markup.matchAll(/<[^>]*>/g)].join('');
}

describe('AT-27: one link, one text', () => {
  it.each(hostileStrings)('%j is shown as text, whether it came as text, as a link or as a commit', (text) => {
    const shown = [
      renderToStaticMarkup(<ForeignText text={text} />),
      renderToStaticMarkup(<SafeLink to={text} />),
      renderToStaticMarkup(<SafeLink to={text}>the repository</SafeLink>),
    ];
    expect(shown.map(skeleton)).toEqual(['<bdi></bdi>', '<span><bdi></bdi></span>', '<span></span>']);
    const commit = skeleton(renderToStaticMarkup(<Commit id={text} />));
    expect(commit).toMatch(/^<bdi class="[^"<>]*" title="[^"<>]*"><\/bdi>$/);
  });

  it('a good address is a link that tells the other side nothing', () => {
    expect(renderToStaticMarkup(<SafeLink to="https://git.example.org/shop.git" className="way" />)).toBe(
      '<a href="https://git.example.org/shop.git" class="way" rel="noopener noreferrer">' +
        '<bdi>https://git.example.org/shop.git</bdi></a>',
    );
  });
});
