import { useCallback } from 'react';
import type { RecipeWords } from '../../shared/contract/recipe.ts';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { withModel } from './recipe-facts.ts';

/** What the next batch begins with, and how to change it. */
export function useRecipe() {
  const { client, settings } = useSession();
  const attempt = useAttempt();
  const write = useCallback(
    (make: (recipe: RecipeWords) => RecipeWords) => {
      const { session, change } = useSessionStore.getState();
      if (!session) return;
      const before = session.settings.recipe;
      const recipe = make(before);
      void attempt(() => change({ recipe }));
      // The next photograph is not to wait for a network that is loaded only then; whatever this fails of, its batch
      // fails of it, too, and says so.
      if (recipe.model !== before.model || recipe.variant !== before.variant) {
        client.models.warmUp(recipe).catch(() => {});
      }
    },
    [attempt, client],
  );
  const change = useCallback(
    (part: Partial<RecipeWords>) => write((recipe) => ({ ...recipe, ...part })),
    [write],
  );
  const use = useCallback((model: string) => write((recipe) => withModel(recipe, model)), [write]);
  return { recipe: settings.recipe, change, use };
}

/** Changes the recipe with every step of a slider, or every key. */
export function changeRecipeSoon(change: (recipe: RecipeWords) => RecipeWords): void {
  const { session, changeSoon } = useSessionStore.getState();
  if (session) changeSoon({ recipe: change(session.settings.recipe) });
}
