import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './plain-yaml.ts';

describe('plain YAML', () => {
  it('is what kubectl writes', () => {
    const text = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTg==
    server: https://127.0.0.1:6443
  name: kind-one
- name: two
  cluster: {}
contexts:
  # indented, as some tools do
  - name: 'quoted'
    context:
      cluster: "two"   # and commented
      namespace:
current-context: kind-one
preferences: {}
users:
- name: kind-one
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args:
      - --region
      - eu:central
      command: aws
      env: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
empty: []
`;
    expect(readPlainYaml(text)).toEqual({
      apiVersion: 'v1',
      clusters: [
        {
          cluster: { 'certificate-authority-data': 'LS0tLS1CRUdJTg==', server: 'https://127.0.0.1:6443' },
          name: 'kind-one',
        },
        { name: 'two', cluster: {} },
      ],
      contexts: [{ name: 'quoted', context: { cluster: 'two', namespace: null } }],
      'current-context': 'kind-one',
      preferences: {},
      users: [
        {
          name: 'kind-one',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              args: ['--region', 'eu:central'],
              command: 'aws',
              env: null,
              interactiveMode: 'IfAvailable',
              provideClusterInfo: 'false',
            },
          },
        },
      ],
      empty: [],
    });
  });

  it('may be JSON, whose scalars become text as well', () => {
    expect(readPlainYaml('{"a": {"insecure-skip-tls-verify": true, "b": [1, null, "c"]}}')).toEqual({
      a: { 'insecure-skip-tls-verify': 'true', b: ['1', null, 'c'] },
    });
  });

  it.each([
    'a: &anchor b',
    'a: *alias',
    'a: !!str b',
    'a: |\n  text',
    'a: >-\n  text',
    'a: {b: c}',
    'a: [b, c]',
    'a: "with \\n escape"',
    "a: 'it''s'",
    'a: b\n  continued',
    'a: "open\n  still"',
    'a: b: c',
    'a: b\n c: d',
    'a:\n\tb: c',
    'a: b\n---\nc: d',
    'a: b\na: c',
    '? a\n: b',
    '<<: {a: b}',
    '- a\nb: c',
    'a',
    '-',
    '- - a',
    '__proto__:\n  a: b',
    '{"a": ',
    '%YAML 1.2\n---\na: b',
  ])('never guesses what it does not know: %j', (text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
