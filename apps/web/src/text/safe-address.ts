import { visibleText } from './visible-text.ts';

/**
 * The address of a link if it may be one, as the browser will read it: `http`, `https` or `mailto`, written in full, or
 * a place in this very page. Everything else (a script, data, `//host`, `https:host`, hidden letters) is not.
 */
export function safeAddress(text: string): string | undefined {
  if (/^#[\w-]+$/.test(text)) return text;
  if (!/^(https?:\/\/[^\s/\\]|mailto:[^\s/\\])[^\s\\]*$/i.test(text) || text !== visibleText(text)) return undefined;
  const url = URL.parse(text);
  return url && allowed.has(url.protocol) && !url.username && !url.password ? url.href : undefined;
}

const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
