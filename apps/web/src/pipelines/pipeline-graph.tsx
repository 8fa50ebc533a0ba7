import { counted } from '@flotilla/foundation';
import { troubles } from '../fleet/count-words.ts';
import { HealthBar } from '../fleet/health-bar.tsx';
import { Scroller } from '../notes/scroller.tsx';
import { CandidateBadge, RolloutBadge } from '../status/delivery-badges.tsx';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { SafeLink } from '../text/safe-link.tsx';
import { anchorOf, waitingBefore, type StageModel } from './pipeline-model.ts';
import { edgePath, layOut, node, nodeAt, sizeOf, type StageLayout } from './stage-layout.ts';
import styles from './pipelines.module.css';

interface PipelineGraphProps {
  readonly application: string;
  readonly stages: readonly StageModel[];
}

/** The stages in columns, each to the right of those that it comes after. */
export function PipelineGraph({ application, stages }: PipelineGraphProps) {
  const layout = layOut(stages);
  const { width, height } = sizeOf(layout);
  return (
    <Scroller label={`Stages of ${application}`}>
      <div className={styles.graph}>
        <div className={styles.drawing} style={{ width, height }}>
          <Edges stages={stages} layout={layout} width={width} height={height} />
          <ol className={styles.nodes}>
            {stages.map((stage) => (
              <StageNode key={stage.environment} stage={stage} layout={layout} />
            ))}
          </ol>
        </div>
      </div>
    </Scroller>
  );
}

interface EdgesProps {
  readonly stages: readonly StageModel[];
  readonly layout: StageLayout;
  readonly width: number;
  readonly height: number;
}

/** The order of the list says the same to whoever cannot see lines. */
function Edges({ stages, layout: { places }, width, height }: EdgesProps) {
  return (
    <svg className={styles.edges} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {stages.flatMap(({ environment, after, rollout }) =>
        after.map((before) => {
          const [from, to] = [places.get(before), places.get(environment)];
          if (!from || !to) return null;
          const moving = rollout?.status.state === 'Running' || undefined;
          return <path key={`${before}/${environment}`} d={edgePath(from, to)} data-moving={moving} />;
        }),
      )}
    </svg>
  );
}

function StageNode({ stage, layout }: { readonly stage: StageModel; readonly layout: StageLayout }) {
  const { environment, counts, runs } = stage;
  const place = nodeAt(layout.places.get(environment)!);
  // The last that is told is the worst; the list of targets has all of it.
  const trouble = counts && troubles(counts).at(-1);
  return (
    <li className={styles.node} style={{ ...place, width: node.width, height: node.height }}>
      <div className={styles.nodeHead}>
        <SafeLink to={`#${anchorOf(environment) ?? ''}`} className={styles.name}>
          <ForeignText text={environment} />
        </SafeLink>
        <NodeState stage={stage} />
      </div>
      {counts && <HealthBar counts={counts} />}
      <div className={styles.numbers}>
        <Commit id={runs[0]?.revision} />
        {runs.length > 1 && <span title={counted(runs.length, 'revision')}>+{runs.length - 1}</span>}
        <span className={styles.far}>{trouble ?? counted(counts?.total ?? 0, 'target')}</span>
      </div>
    </li>
  );
}

/** What is on its way there, or waits to be; nothing where all is quiet. */
function NodeState({ stage }: { readonly stage: StageModel }) {
  if (stage.rollout) return <RolloutBadge state={stage.rollout.status.state} />;
  const [next] = waitingBefore(stage);
  return next ? <CandidateBadge state={next.state} /> : null;
}
