/** A thread of screens, on behalf of the one that started it: they listen as pages do, and say when a count came. */
import { get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { streamEventSchema } from '@flotilla/contracts';
import { assertThat, systemClock } from '@flotilla/foundation';
import type { ScreenPlace, ScreenWord } from './screens.ts';

assertThat(parentPort !== null, 'screens are a thread of their own');
const home = parentPort;
const { urls, token, screens, kinds } = workerData as ScreenPlace;
const say = (word: ScreenWord) => home.postMessage(word, []);

/** The kinds come in order, so the last bookmark ends the beginning. */
const begun = `data: ${JSON.stringify({ type: 'BOOKMARK', kind: kinds.at(-1) })}\n`;
const counted = '"kind":"count","object":';
const lineEnd = '\n'.charCodeAt(0);

function open(screen: number): void {
  const url = new URL(`/api/v1/projects/default/stream?kinds=${kinds.join(',')}`, urls[screen % urls.length]);
  const left = (why: string) => say({ word: 'left', screen, why });
  const listening = get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
    if (response.statusCode !== 200) return left(`status ${response.statusCode}`);
    let rest: Buffer = Buffer.alloc(0);
    response.on('data', (chunk: Buffer) => {
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const end = text.lastIndexOf(lineEnd) + 1;
      hear(screen, text.subarray(0, end));
      rest = text.subarray(end);
    });
    response.once('close', () => left('the stream ended'));
  });
  listening.once('error', ({ message }) => left(message));
}

/**
 * Of whole lines only the counts are looked into, which say how far a commit is: hundreds of screens that read everything
 * would take the machine from the control plane that is measured.
 */
function hear(screen: number, lines: Buffer): void {
  for (let at = lines.indexOf(counted); at >= 0; at = lines.indexOf(counted, at + 1)) {
    const line = lines.subarray(lines.lastIndexOf(lineEnd, at) + 1, lines.indexOf(lineEnd, at)).toString();
    const { object } = streamEventSchema.parse(JSON.parse(line.slice('data: '.length)));
    say({ word: 'count', screen, at: systemClock.now(), object: object as object });
  }
  if (lines.includes(begun)) say({ word: 'begun', screen, at: systemClock.now() });
}

for (let screen = 0; screen < screens; screen++) open(screen);
