/**
 * What people have tried to put into pages that show text of others. None of it may ever become more than text. Used by
 * the tests of every place where such text is shown.
 */
export const hostileStrings: readonly string[] = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  '\tjavascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  '//evil.example/a',
  String.raw`/\evil.example/a`,
  'https:evil.example',
  String.raw`https:\\evil.example`,
  'Text | javascript:alert(1)',
  '[text](javascript:alert(1))',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '</script><script>alert(1)</script>',
  '"><a href="javascript:alert(1)">click</a>',
  'good\u202egnp.exe',
  '\u001b[31mred\u001b[0m',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} <%= alert(1) %>',
  'blob:https://evil.example/1',
  'file:///etc/passwd',
  'https://user:password@evil.example/',
];
