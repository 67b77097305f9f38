import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { StripIcon } from '../components/icons.tsx';
import { usePickers } from './use-pickers.ts';

/** Opens the folder of the machine that may be browsed; nothing where there is none. */
export function BrowseButton() {
  const { t } = useTranslation();
  const { browse } = usePickers();
  if (!browse) return null;
  return (
    <Button onClick={browse.open}>
      <StripIcon />
      {t('intake.browse', { root: browse.root })}
    </Button>
  );
}
