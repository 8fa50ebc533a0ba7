import type { RenderFile } from '../render-file.ts';

/** Files as a repository holds them, from path and text. */
export function renderFiles(texts: Readonly<Record<string, string>>): RenderFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }));
}
