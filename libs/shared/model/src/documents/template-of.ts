import { z } from 'zod';
import { fillTemplate, templateVariables } from '../template.ts';

const sample = templateVariables({ project: 'p', environment: 'e', application: 'a' });

/** Text that may use `${environment.name}`, `${application.name}`, `${project.name}`, and must be valid once filled. */
export function templateOf(filledSchema: z.ZodType<string>) {
  return z.string().superRefine((template, context) => {
    const filled = fillTemplate(template, sample);
    if (!filled.ok) return context.addIssue({ code: 'custom', message: filled.reason });
    const read = filledSchema.safeParse(filled.value);
    if (!read.success) context.addIssue({ code: 'custom', message: read.error.issues[0]!.message });
  });
}
