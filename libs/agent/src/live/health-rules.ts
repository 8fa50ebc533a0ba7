import { isDeepStrictEqual } from 'node:util';
import { groupOf, type DesiredEntry, type KubeObject } from '@flotilla/model';
import { parseHealthRule, type HealthRule } from '@flotilla/workload-health';
import { marks } from '../names.ts';

type WrittenRules = NonNullable<DesiredEntry['health']>;

interface HeldRules {
  readonly written: WrittenRules;
  readonly byKind: ReadonlyMap<string, HealthRule>;
}

/** When objects are well by the word of the applications that they belong to. Each list of rules is read once. */
export class HealthRules {
  readonly #held = new Map<string, HeldRules>();

  /** Takes in what an entry says; true when it says something else than before. */
  take(target: string, written: WrittenRules = []): boolean {
    const before = this.#held.get(target)?.written ?? [];
    if (before === written || isDeepStrictEqual(before, written)) return false;
    if (written.length === 0) this.#held.delete(target);
    else this.#held.set(target, { written, byKind: readRules(written) });
    return true;
  }

  /** The rule for an object, by the target whose label it carries. */
  of({ apiVersion, kind, metadata }: KubeObject): HealthRule | undefined {
    const held = this.#held.get(metadata.labels?.[marks.target] ?? '');
    return held?.byKind.get(`${groupOf(apiVersion)}/${kind}`);
  }
}

function readRules(written: WrittenRules): Map<string, HealthRule> {
  return new Map(written.map((rule) => [`${groupOf(rule.apiVersion)}/${rule.kind}`, readRule(rule)]));
}

/** What a newer control plane lets people write and we cannot read is no word on health at all. */
function readRule(written: WrittenRules[number]): HealthRule {
  const read = parseHealthRule(written);
  if (read.ok) return read.value;
  return () => ({ status: 'Unknown', reason: { code: 'HealthRuleUnreadable', message: read.reason.slice(0, 2_000) } });
}
