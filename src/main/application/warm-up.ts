import type { RecipeWords } from '../../shared/contract/recipe.ts';
import type { SessionResidency } from '../models/sessions/session-residency.ts';
import type { BatchMaker } from './batch-maker.ts';

/**
 * Makes resident what a batch of this recipe will need, as long as sessions stay that nobody uses: its first picture
 * does not wait for the self-test and the loading then.
 */
export async function warmUp(
  recipe: RecipeWords,
  { maker, residency }: { maker: BatchMaker; residency: SessionResidency },
): Promise<void> {
  const plan = await maker.planOf(recipe);
  using _session = await residency.acquire(plan.shallow, plan);
}
