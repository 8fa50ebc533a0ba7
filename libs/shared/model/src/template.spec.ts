import { describe, expect, it } from 'vitest';
import { fillTemplate, templateVariables } from './template.ts';

const variables = templateVariables({ project: 'shop', environment: 'dev', application: 'checkout' });

describe('a template', () => {
  it.each([
    ['services/${application.name}/${environment.name}', 'services/checkout/dev'],
    ['${project.name}-${project.name}', 'shop-shop'],
    ['${ application.name }', 'checkout'],
    ['plain', 'plain'],
    ['', ''],
    ['$application.name', '$application.name'],
    ['${environment.name', '${environment.name'],
  ])('%s becomes %s', (template, value) => expect(fillTemplate(template, variables)).toEqual({ ok: true, value }));

  it.each(['${cluster.name}', '${}', '${constructor}', '${__proto__}', '${APPLICATION.NAME}'])(
    'refuses %s and lists what is defined',
    (template) =>
      expect(fillTemplate(template, variables)).toEqual({
        ok: false,
        reason: expect.stringContaining('defined are: application.name, environment.name, project.name'),
      }),
  );

  it('names everything that is not defined at once', () => {
    expect(fillTemplate('${a}/${b}/${a}', variables)).toMatchObject({
      reason: expect.stringMatching(/^\$\{a\}, \$\{b\} is not defined/),
    });
  });

  it('does not fill what it has filled', () => {
    expect(fillTemplate('${a}', { a: '${b}', b: 'x' })).toEqual({ ok: true, value: '${b}' });
  });
});
