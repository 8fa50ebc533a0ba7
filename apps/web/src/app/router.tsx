import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
  stripSearchParams,
} from '@tanstack/react-router';
import { defaultProject, nameSchema } from '@flotilla/model';
import { ClusterList } from '../clusters/cluster-list.tsx';
import { DeadLetterList } from '../dead-letters/dead-letter-list.tsx';
import { EventList } from '../events/event-list.tsx';
import { Overview } from '../fleet/overview.tsx';
import { readRollbackSearch } from '../rollbacks/rollback-search.ts';
import { TargetList } from '../targets/target-list.tsx';
import { readTargetSearch } from '../targets/target-search.ts';
import { PageFailed } from './page-failed.tsx';
import { PageMissing } from './page-missing.tsx';
import { Shell } from './shell.tsx';

interface RootSearch {
  readonly project?: string | undefined;
}

/** The project stands in every address, so that a link means the same to whoever gets it. */
const root = createRootRoute({
  component: Shell,
  notFoundComponent: PageMissing,
  validateSearch: ({ project }: Record<string, unknown>): RootSearch => {
    const named = nameSchema.safeParse(project);
    return named.success ? { project: named.data } : {};
  },
  search: { middlewares: [retainSearchParams(['project']), stripSearchParams({ project: defaultProject })] },
});

const overview = createRoute({ getParentRoute: () => root, path: '/', component: Overview });

const targets = createRoute({
  getParentRoute: () => root,
  path: '/targets',
  validateSearch: readTargetSearch,
  component: TargetList,
});

const story = createRoute({
  getParentRoute: () => root,
  path: '/targets/$uid',
  component: lazyRouteComponent(() => import('../targets/story/target-story.tsx'), 'TargetStory'),
});

const pipelines = createRoute({
  getParentRoute: () => root,
  path: '/pipelines',
  component: lazyRouteComponent(() => import('../pipelines/pipeline-list.tsx'), 'PipelineList'),
});

const pipeline = createRoute({
  getParentRoute: () => root,
  path: '/pipelines/$application',
  component: lazyRouteComponent(() => import('../pipelines/pipeline.tsx'), 'Pipeline'),
});

const rollouts = createRoute({
  getParentRoute: () => root,
  path: '/rollouts',
  component: lazyRouteComponent(() => import('../rollouts/rollout-list.tsx'), 'RolloutList'),
});

const rollout = createRoute({
  getParentRoute: () => root,
  path: '/rollouts/$application/$environment',
  component: lazyRouteComponent(() => import('../rollouts/course/rollout-course.tsx'), 'RolloutCourse'),
});

const rollbacks = createRoute({
  getParentRoute: () => root,
  path: '/rollbacks',
  validateSearch: readRollbackSearch,
  component: lazyRouteComponent(() => import('../rollbacks/rollback-list.tsx'), 'RollbackList'),
});

const rollback = createRoute({
  getParentRoute: () => root,
  path: '/rollbacks/$uid',
  component: lazyRouteComponent(() => import('../rollbacks/course/rollback-course.tsx'), 'RollbackCourse'),
});

const clusters = createRoute({ getParentRoute: () => root, path: '/clusters', component: ClusterList });
const events = createRoute({ getParentRoute: () => root, path: '/events', component: EventList });

const deadLetters = createRoute({ getParentRoute: () => root, path: '/dead-letters', component: DeadLetterList });

/** Every address of the page. */
export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    pipelines,
    pipeline,
    rollouts,
    rollout,
    rollbacks,
    rollback,
    targets,
    story,
    clusters,
    events,
    deadLetters,
  ]),
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
