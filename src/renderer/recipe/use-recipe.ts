import { useCallback } from 'react';
import type { RecipeWords } from '../../shared/contract/recipe.ts';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';

/** What the next batch begins with, and how to change it. */
export function useRecipe() {
  const { client, settings } = useSession();
  const attempt = useAttempt();
  const change = useCallback(
    (part: Partial<RecipeWords>) => {
      const { session, change: write } = useSessionStore.getState();
      if (!session) return;
      const recipe = { ...session.settings.recipe, ...part };
      void attempt(() => write({ recipe }));
      // The next photograph is not to wait for a network that is loaded only then; whatever this fails of, its batch
      // fails of it, too, and says so.
      if ('model' in part || 'variant' in part) client.models.warmUp(recipe).catch(() => {});
    },
    [attempt, client],
  );
  return { recipe: settings.recipe, change };
}

/** Changes the recipe with every step of a slider, or every key. */
export function changeRecipeSoon(change: (recipe: RecipeWords) => RecipeWords): void {
  const { session, changeSoon } = useSessionStore.getState();
  if (session) changeSoon({ recipe: change(session.settings.recipe) });
}
