import type { HealthStatus } from '@flotilla/model';

/**
 * What the words mean that controllers put into phases, states and reasons. They are glued together in every way
 * (`ApplyFailed`, `Waiting for Pods to be ready`), so the telling part is looked for; the first rule that knows one
 * decides, and failures are looked for first.
 */
const meanings: readonly (readonly [HealthStatus, RegExp])[] = [
  ['Missing', /^not ?found$/i],
  ['Unknown', /^(unknown|inconclusive)$/i],
  ['Suspended', /paused?\b|paused$|suspend|stopped$|hibernat|stepp?aused|manual/i],
  ['Degraded', /fail|error|^err|invalid|degraded|reject|denied|forbidden|unauthori[sz]ed|crash|back-?off|unhealthy/i],
  [
    'Degraded',
    /not ?allowed|not ?found|not ?set|missing|mismatch|conflict|exceeded|timed?-?out|timeout|lost$|evicted|^red$/i,
  ],
  [
    'Degraded',
    /non-?compliant|unsupported|not ?permitted|not ?controlled|already exists|expired|refused|disabled|warning|^different/i,
  ],
  [
    'Progressing',
    /progress|pending|creat(ing|ion)|provisioning|updating|upgrad|scaling|reconcil(ing|ation)|deploying|rolling/i,
  ],
  [
    'Progressing',
    /initiali[sz]ing|installing|start(ing|up)|waiting|migrating|applying|building|terminating|deleting|restoring/i,
  ],
  [
    'Progressing',
    /in ?progress|unavailable|not ?ready|not ?available|incomplete|requested|queued|scheduled$|yellow|changing/i,
  ],
  [
    'Healthy',
    /ready|running|active|available|healthy|bound|succe(ss|eded)|complet|exists|deployed|provisioned|synced/i,
  ],
  ['Healthy', /accepted|established|initiali[sz]ed|^green$|compliant|online|^ok$|done|normal|finished|applied|valid/i],
];

/** What a phase, state or reason says about health; `undefined` for words that say nothing. */
export function meaningOf(word: string): HealthStatus | undefined {
  return meanings.find(([, pattern]) => pattern.test(word))?.[0];
}
