#!/usr/bin/env node
// What kubectl finds on PATH for `kubectl flotilla`: the same program, which then calls itself so in its help.
process.env.FLOTILLA_CALLED_AS = 'kubectl flotilla';
await import('./flotilla.mjs');
