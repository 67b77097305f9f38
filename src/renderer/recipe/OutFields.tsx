import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../components/Choice.tsx';
import type { Option } from '../components/options.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { FolderPicker } from './FolderPicker.tsx';
import { useOut } from './out-store.ts';
import styles from './RecipePanel.module.css';
import { useRecipe } from './use-recipe.ts';

const COLLISIONS = ['skip', 'number', 'overwrite'] as const;

/** Where results go, and what becomes of one that is there already. */
export function OutFields() {
  const { t } = useTranslation();
  const { recipe, change } = useRecipe();
  return (
    <fieldset className={styles.section}>
      <legend className={styles.heading}>{t('recipe.where')}</legend>
      <OutChoice />
      <Choice
        label={t('recipe.collision')}
        value={recipe.onCollision}
        options={COLLISIONS.map((value) => ({
          value,
          label: t(`recipe.${value}`),
          ...(value === 'overwrite' ? { note: t('recipe.overwriteNote') } : {}),
        }))}
        onChange={(onCollision) => change({ onCollision })}
      />
    </fieldset>
  );
}

/** Values of the choice that are no folders. */
const KEPT = 'kept';
const CURRENT = 'current';
const CHOOSE = 'choose';

function OutChoice() {
  const { t } = useTranslation();
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  const { out, label, recent, keep, chooseBelow, chooseOffered } = useOut();
  const [picking, setPicking] = useState(false);
  const { root, canPickFolders } = capabilities;

  const others = recent.filter(({ path }) => path !== label);
  const options: Option<string>[] = [
    {
      value: KEPT,
      label: t(canPickFolders ? 'recipe.keptDesktop' : 'recipe.kept'),
      note: t('recipe.keptNote'),
    },
    ...(label === undefined ? [] : [{ value: CURRENT, label }]),
    ...others.map((folder) => ({ value: folder.path ?? folder.name, label: folder.path ?? folder.name })),
    ...(canPickFolders || root !== undefined ? [{ value: CHOOSE, label: t('recipe.chooseFolder') }] : []),
  ];
  const choose = async (value: string) => {
    const offered = others.find(({ path, name }) => (path ?? name) === value);
    if (offered) chooseOffered(offered);
    else if (value === KEPT) keep();
    else if (value === CHOOSE && canPickFolders) {
      const picked = await attempt(() => client.pick.out());
      if (picked) chooseOffered(picked);
    } else if (value === CHOOSE) setPicking(true);
  };
  return (
    <>
      <Choice
        label={t('recipe.out')}
        value={out.kind === 'kept' ? KEPT : CURRENT}
        options={options}
        onChange={(value) => void choose(value)}
      />
      {root === undefined ? null : (
        <FolderPicker
          open={picking}
          start={out.kind === 'path' ? out.path : ''}
          onClose={() => setPicking(false)}
          onChoose={(path) => {
            setPicking(false);
            chooseBelow(root, path);
          }}
        />
      )}
    </>
  );
}
