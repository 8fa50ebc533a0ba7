import type { RollbackPreviewView } from '@flotilla/contracts';
import { blastText, shortCommit } from '@flotilla/model';
import { reasonText } from '../nouns/cells.ts';
import type { Field, Page, Section } from '../output/page.ts';

type Place = RollbackPreviewView['places'][number];
type SomeClusters = Place['held'];

/** What going back would do, for a person: how much of the fleet it touches, then each place with its way. */
export function previewPage({ blast, places }: RollbackPreviewView): Page {
  return [{ fields: [['Changes', blastText(blast)]] }, ...places.map(placeSection)];
}

function placeSection(place: Place): Section {
  const { application, environment, from, to, problem, waves, fetching, held, excluded, settings, warnings } = place;
  return {
    title: `${application} in ${environment}`,
    fields: [
      ['From', from.map(shortCommit).join(', ')],
      ['To', to && `${shortCommit(to.revision)} (release ${to.release})`],
      ['Nowhere', problem && reasonText(problem)],
      ...waves.map((wave): Field => [`Wave ${wave.name}`, someText(wave)]),
      ['Fetch it first', someText(fetching)],
      ['Held where they are', someText(held)],
      ...excluded.map(({ cluster, reason }): Field => ['Passed by', `${cluster}: ${reasonText(reason)}`]),
      ['Settings that change', settings.join(', ')],
      ...warnings.map((warning): Field => ['Warning', reasonText(warning)]),
    ],
  };
}

function someText({ count, names }: SomeClusters): string {
  const more = count > names.length ? ` and ${count - names.length} more` : '';
  return names.join(', ') + more;
}
