import { equalValues } from '../../fields/values.ts';
import { metadataOf } from '../../objects/metadata.ts';
import { forbiddenValue, invalidValue, requiredValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';

export const configMapRules: KindRules = {
  validate: (configMap) => {
    const [data, binary] = [objectAt(configMap, 'data'), objectAt(configMap, 'binaryData')];
    const twice = Object.keys(data).filter((key) => key in binary);
    return [
      ...checkKeys('data', data),
      ...twice.map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
      ...checkKeys('binaryData', binary),
    ];
  },
  validateUpdate: (configMap, old) => checkUnchanged(configMap, old, ['data', 'binaryData']),
};

export const secretRules: KindRules = {
  validate: (secret) => [...checkKeys('data', objectAt(secret, 'data')), ...checkSecretType(secret)],
  prepareUpdate: (draft, old) => {
    if (!draft['type']) draft['type'] = old['type'];
  },
  validateUpdate: (secret, old) => [
    ...(secret['type'] === old['type'] ? [] : [invalidValue('type', secret['type'], 'field is immutable')]),
    ...checkUnchanged(secret, old, ['data']),
  ],
  fieldSelectors: { type: (secret) => textAt(secret, 'type') },
};

const keyDetail =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function checkKeys(field: string, data: JsonObject): FieldProblem[] {
  return Object.keys(data).flatMap((key) => {
    const at = `${field}[${key}]`;
    if (key === '.' || key === '..') return [invalidValue(at, key, `must not be '${key}'`)];
    if (key.startsWith('..')) return [invalidValue(at, key, "must not start with '..'")];
    return /^[-._a-zA-Z0-9]+$/.test(key) ? [] : [invalidValue(at, key, keyDetail)];
  });
}

function checkUnchanged(object: JsonObject, old: JsonObject, fields: readonly string[]): FieldProblem[] {
  if (!old['immutable']) return [];
  const changed = fields.filter((field) => !equalValues(object[field], old[field]));
  return ['immutable', ...changed]
    .filter((field) => field !== 'immutable' || !object['immutable'])
    .map((field) => forbiddenValue(field, 'field is immutable when `immutable` is set'));
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function checkSecretType(secret: JsonObject): FieldProblem[] {
  const [type, data] = [textAt(secret, 'type'), objectAt(secret, 'data')];
  if (type === 'kubernetes.io/service-account-token') return checkAccountName(secret);
  if (type === 'kubernetes.io/basic-auth') {
    const has = 'username' in data || 'password' in data;
    return has ? [] : [requiredValue('data[username]'), requiredValue('data[password]')];
  }
  const missing = (neededKeys[type] ?? []).filter((key) => !(key in data));
  if (missing.length > 0) return missing.map((key) => requiredValue(`data[${key}]`));
  return type === 'kubernetes.io/dockerconfigjson' ? checkDockerConfig(data) : [];
}

function checkAccountName(secret: JsonObject): FieldProblem[] {
  const name = 'kubernetes.io/service-account.name';
  return metadataOf(secret).annotations?.[name] ? [] : [requiredValue(`metadata.annotations[${name}]`)];
}

function checkDockerConfig(data: JsonObject): FieldProblem[] {
  const text = Buffer.from(textAt(data, '.dockerconfigjson'), 'base64').toString('utf8');
  try {
    JSON.parse(text);
    return [];
  } catch {
    const detail = `invalid character '${text[0] ?? ''}' looking for beginning of value`;
    return [invalidValue('data[.dockerconfigjson]', '<secret contents redacted>', detail)];
  }
}
