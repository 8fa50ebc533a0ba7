import { equalValues } from '../../fields/values.ts';
import { invalidValue, requiredValue, unsupportedValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';

export const roleRules: KindRules = {
  nameRule: 'segment',
  createsOnUpdate: true,
  validate: (role) => checkRules(role, { allowsUrls: false }),
};

export const clusterRoleRules: KindRules = {
  nameRule: 'segment',
  createsOnUpdate: true,
  validate: (role) => checkRules(role, { allowsUrls: true }),
};

export const roleBindingRules: KindRules = bindingRules(['Role', 'ClusterRole']);
export const clusterRoleBindingRules: KindRules = bindingRules(['ClusterRole']);

function checkRules(role: JsonObject, { allowsUrls }: { allowsUrls: boolean }): FieldProblem[] {
  return itemsAt(role, 'rules').flatMap((rule, index) => {
    const field = `rules[${index}]`;
    const urls = itemsAt(rule, 'nonResourceURLs');
    const problems: FieldProblem[] = [];
    if (itemsAt(rule, 'verbs').length === 0) {
      problems.push(requiredValue(`${field}.verbs`, 'verbs must contain at least one value'));
    }
    if (urls.length > 0) {
      const detail = 'namespaced rules cannot apply to non-resource URLs';
      return allowsUrls ? problems : [...problems, invalidValue(`${field}.nonResourceURLs`, urls, detail)];
    }
    if (itemsAt(rule, 'apiGroups').length === 0) {
      problems.push(requiredValue(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (itemsAt(rule, 'resources').length === 0) {
      problems.push(requiredValue(`${field}.resources`, 'resource rules must supply at least one resource'));
    }
    return problems;
  });
}

function bindingRules(roleKinds: readonly string[]): KindRules {
  return {
    nameRule: 'segment',
    createsOnUpdate: true,
    validate: (binding) => [...checkRoleRef(objectAt(binding, 'roleRef'), roleKinds), ...checkSubjects(binding)],
    validateUpdate: (binding, old) => {
      if (equalValues(binding['roleRef'], old['roleRef'])) return [];
      const { apiGroup = '', kind = '', name = '' } = objectAt(binding, 'roleRef');
      return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
    },
  };
}

function checkRoleRef(roleRef: JsonObject, kinds: readonly string[]): FieldProblem[] {
  const kind = textAt(roleRef, 'kind');
  return [
    ...(kinds.includes(kind) ? [] : [unsupportedValue('roleRef.kind', kind, kinds)]),
    ...(textAt(roleRef, 'name') ? [] : [requiredValue('roleRef.name')]),
  ];
}

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

function checkSubjects(binding: JsonObject): FieldProblem[] {
  return itemsAt(binding, 'subjects').flatMap((subject, index) => {
    const field = `subjects[${index}]`;
    const kind = textAt(subject, 'kind');
    if (!textAt(subject, 'name')) return [requiredValue(`${field}.name`)];
    if (!subjectKinds.includes(kind)) return [unsupportedValue(`${field}.kind`, kind, subjectKinds)];
    const needsNamespace = kind === 'ServiceAccount' && !textAt(subject, 'namespace');
    return needsNamespace ? [requiredValue(`${field}.namespace`)] : [];
  });
}
