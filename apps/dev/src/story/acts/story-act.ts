import type { StoryScene } from '../story-scene.ts';

/** One act: what is told before it, and what happens. It fails by throwing what did not happen. */
export interface StoryAct {
  readonly title: string;
  /** One sentence: what happens, and what there is to see. */
  readonly text: string;
  /** Where on the page that is. */
  readonly page: string;
  play(scene: StoryScene): Promise<void>;
}
