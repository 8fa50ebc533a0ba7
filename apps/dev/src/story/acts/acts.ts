import { badRelease } from './bad-release.ts';
import { firstRelease } from './first-release.ts';
import { gitRepaired } from './git-repaired.ts';
import { goingBack } from './going-back.ts';
import { goodRelease } from './good-release.ts';
import { ledgerTells } from './ledger-tells.ts';
import type { StoryAct } from './story-act.ts';

/** The story, in its order: each act begins where the one before has ended. */
export const acts: readonly StoryAct[] = [firstRelease, goodRelease, badRelease, goingBack, gitRepaired, ledgerTells];
