import type { AgentEvent } from '@flotilla/agent';
import { counter, metricList, type Logger } from '@flotilla/platform-telemetry';

const faults = counter(metricList.agentFaults);

/** One line of the log for each thing worth one. */
export function logEvent(logger: Logger, event: AgentEvent): void {
  switch (event.kind) {
    case 'recalled':
      return logger.info(
        { targets: event.targets, generation: event.generation },
        'going on from what the cluster keeps',
      );
    case 'record-unreadable':
      return logger.error(
        { record: event.name, error: event.fault.message },
        'a record cannot be read; its target starts anew',
      );
    case 'order-refused':
      return logger.warn({ order: event.order, why: event.why }, 'an order was not believed');
    case 'set-unmergeable':
      return logger.info('a change does not fit what is held; asking for the whole set');
    case 'upgrade': {
      const { step } = event;
      if (step.do === 'nothing') return;
      const reason = step.do === 'refuse' ? { reason: step.reason.code, why: step.reason.message } : {};
      return logger.info({ step: step.do, ...reason }, 'a step of the upgrade of this agent');
    }
    case 'upgrade-fault':
      return logger.warn({ error: event.fault.message }, 'the upgrade of this agent has to wait');
    case 'keys-changed':
      return logger.info({ list: event.list }, 'orders are believed that are signed with other keys than before');
    case 'identity-renewed':
      return logger.info({ expiresAt: event.expiresAt }, 'this cluster has another identity');
    case 'identity-not-renewed':
      return logger.warn({ why: event.why }, 'the identity of this cluster could not be renewed; asking again later');
    case 'aside':
      return event.why
        ? logger.error({ why: event.why }, 'another agent speaks for this cluster; this one changes nothing')
        : logger.info('nobody else speaks for this cluster any more; going on');
    case 'target-fault': {
      const { reason, message, consequence, code } = event.fault;
      faults({ reason });
      const details = { target: event.target, reason, error: message, consequence: consequence.kind };
      return code === 'internal'
        ? logger.error({ ...details, stack: event.fault.stack }, 'a pass failed')
        : logger.warn(details, 'a target has to wait');
    }
  }
}
