import { app } from './app.ts';
import { common } from './common.ts';
import { compare } from './compare.ts';
import { dashboard } from './dashboard.ts';
import { exporting } from './exporting.ts';
import { history } from './history.ts';
import { intake } from './intake.ts';
import { models } from './models.ts';
import { recipe } from './recipe.ts';
import { settings } from './settings.ts';
import { strip } from './strip.ts';

/** All that the page says, in English; a feature has its own file. */
export const en = {
  app,
  common,
  compare,
  dashboard,
  exporting,
  history,
  intake,
  models,
  recipe,
  settings,
  strip,
};
