import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@flotilla/foundation';
import type { House } from '../house.ts';
import { say, sinceStart } from '../progress.ts';
import { acts } from './acts/acts.ts';
import { tell } from './narrate.ts';
import { openShell } from './story-shell.ts';
import { StoryScene } from './story-scene.ts';

/** Plays the story for a person to watch. The exit code is its end: 1, and what did not happen, when it went otherwise. */
export async function runStory(house: House, signal: AbortSignal): Promise<number> {
  const { data, url, token } = house;
  const environment = { FLOTILLA_SERVER: url, FLOTILLA_TOKEN: token };
  const shell = await openShell({ folder: await data.makeFolder('story'), environment, signal });
  const scene = new StoryScene(house, shell, signal);
  say(`\nUp after ${sinceStart()}. The page is at ${url}, and asks for this token: ${token}`);
  say('What is typed from here on is what you would type; flotilla is `npx flotilla` in this folder.');
  for (const { title, text, page, ...act } of acts) {
    try {
      await tell({ title, text, look: `${url}${page}` }, signal);
      await act.play(scene);
    } catch (error) {
      if (signal.aborted) throw error;
      say(`\nThe story ended early. ${title}: ${error instanceof Error ? error.message : String(error)}`);
      say(`The logs are in ${join(data.path, 'logs')}`);
      return 1;
    }
  }
  say(`\nThe story is told, ${sinceStart()} after its beginning.`);
  return 0;
}

/** Refuses a folder that holds something: an act needs what the one before has left, and nothing else. */
export async function expectNewFolder(path: string): Promise<void> {
  const found = await readdir(path).catch(() => []);
  if (found.length === 0) return;
  const message = `the story begins with a new fleet, and ${path} is not empty; give another folder with --data DIR, or none`;
  throw new Fault({ code: 'invalid', reason: 'FolderUsed', message });
}
