// What has to happen before anything is painted and before the page's modules run.

// The scheme that this person chose, so that the page does not flash in the other one.
try {
  const chosen = localStorage.getItem('mantine-color-scheme-value');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
} catch {
  // Without storage the page follows the system.
}

// zod tries once, while it is loaded, whether it may compile code from text. Here nobody may, and asking alone would be
// reported as an attack. This is where all copies of zod on a page look for their settings.
globalThis.__zod_globalConfig = { jitless: true };
