import type { RollbackPreviewView, TargetView } from '@flotilla/contracts';
import { meetsAll, parseSelector, type RollbackSelection } from '@flotilla/model';
import { commitOf } from './factories.ts';
import type { MockFleet } from './mock-fleet.ts';
import { releaseOf } from './rollout-factory.ts';

type Place = RollbackPreviewView['places'][number];

const namedMax = 5;

/** What going back would do in a mock fleet: everything that runs goes back to one good commit. */
export function previewOf(fleet: MockFleet, selection: RollbackSelection): RollbackPreviewView {
  const chosen = [...fleet.kept.target.values()].filter((target) => isChosen(fleet, target, selection));
  const byPlace = Map.groupBy(chosen, ({ spec }) => JSON.stringify([spec.application, spec.environment]));
  const places = [...byPlace.values()].map(placeOf);
  const going = chosen.filter(({ spec }) => !spec.suspended);
  const distinct = (part: 'application' | 'environment' | 'cluster') =>
    new Set(going.map(({ spec }) => spec[part])).size;
  return {
    standing: 'mock',
    blast: {
      targets: going.length,
      applications: distinct('application'),
      environments: distinct('environment'),
      clusters: distinct('cluster'),
    },
    places,
  };
}

function isChosen(fleet: MockFleet, { spec }: TargetView, selection: RollbackSelection): boolean {
  const { application, environment, cluster, selector } = selection;
  const labels = [...fleet.kept.cluster.values()].find(({ metadata }) => metadata.name === spec.cluster)?.spec.labels;
  const wanted = parseSelector(selector ?? '');
  return (
    (application === undefined || spec.application === application) &&
    (environment === undefined || spec.environment === environment) &&
    (cluster === undefined || spec.cluster === cluster) &&
    (selector === undefined || (wanted.ok && meetsAll(wanted.value, labels ?? {})))
  );
}

function placeOf(targets: readonly TargetView[]): Place {
  const { application, environment } = targets[0]!.spec;
  const going = targets.filter(({ spec }) => !spec.suspended);
  const unwell = going.filter(({ status }) => status.health !== 'Healthy');
  const well = going.filter(({ status }) => status.health === 'Healthy');
  const quarter = Math.ceil(well.length / 4);
  const quarters = [0, 1, 2, 3].map((wave) => ({
    name: `quarter-${wave + 1}`,
    targets: well.slice(wave * quarter, (wave + 1) * quarter),
  }));
  const waves = [{ name: 'unwell', targets: unwell }, ...quarters];
  return {
    application,
    environment,
    from: [...new Set(going.map(({ spec }) => spec.revision))],
    to: { release: releaseOf(commitOf(700)), revision: commitOf(700) },
    waves: waves.flatMap((wave) => (wave.targets.length > 0 ? [{ name: wave.name, ...someOf(wave.targets) }] : [])),
    fetching: someOf(well.slice(0, 1)),
    held: someOf([]),
    excluded: targets.flatMap(({ spec }) =>
      spec.suspended ? [{ cluster: spec.cluster, reason: { code: 'Suspended', message: spec.suspended.reason } }] : [],
    ),
    settings: application === 'checkout' ? ['render.helm.values.replicas'] : [],
    warnings:
      application === 'payments' ? [{ code: 'KeepsData', message: 'a CustomResourceDefinition stays as it is' }] : [],
  };
}

function someOf(targets: readonly TargetView[]): Place['held'] {
  return { count: targets.length, names: targets.slice(0, namedMax).map(({ spec }) => spec.cluster) };
}
