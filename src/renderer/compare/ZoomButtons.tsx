import { Toolbar } from '@base-ui/react/toolbar';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { AddIcon, FitIcon, MinusIcon } from '../components/icons.tsx';
import styles from './CompareToolbar.module.css';
import { useCompare } from './compare-store.ts';

/** How closely the picture is looked at. */
export function ZoomButtons() {
  const { t, i18n } = useTranslation();
  const zoom = useCompare(({ camera }) => camera.zoom);
  const zoomTo = useCompare((compare) => compare.zoomTo);
  const step = useCompare((compare) => compare.step);
  const digits = zoom < 0.1 ? 1 : 0;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: digits });
  return (
    <>
      <Toolbar.Button
        render={
          <IconButton icon={<MinusIcon />} label={t('compare.zoomOut')} keys="−" onClick={() => step(-1)} />
        }
      />
      <output className={styles.zoom} aria-label={t('compare.zoomNow')} aria-live="off">
        {percent.format(zoom)}
      </output>
      <Toolbar.Button
        render={
          <IconButton icon={<AddIcon />} label={t('compare.zoomIn')} keys="+" onClick={() => step(1)} />
        }
      />
      <Toolbar.Button
        render={<IconButton icon={<FitIcon />} label={t('compare.fit')} keys="0" onClick={() => zoomTo(0)} />}
      />
      <Toolbar.Button
        render={
          <IconButton
            icon={<span className={styles.actual}>{t('compare.actualShort')}</span>}
            label={t('compare.actual')}
            keys="1"
            onClick={() => zoomTo(1)}
          />
        }
      />
    </>
  );
}
