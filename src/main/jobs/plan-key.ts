import { createHash } from 'node:crypto';
import { type Plan, planSchema } from '../../shared/plan.ts';

/** SHA-256 of a plan's JSON: equal for equal plans, in whatever order their fields were written. */
export function planKeyOf(plan: Plan): string {
  return createHash('sha256').update(planJson(plan)).digest('hex');
}

export function planJson(plan: Plan): string {
  return JSON.stringify(planSchema.parse(plan));
}
