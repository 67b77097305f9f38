import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { Choice } from '../components/Choice.tsx';
import { formatCount } from '../components/figures.ts';
import { type EditedModel, editedOf, RANGE_NAMES } from './edited-model.ts';
import styles from './Form.module.css';

interface WrongLooksProps {
  model: Model;
  edited: EditedModel;
  onEdit(part: Partial<EditedModel>): void;
}

type RangeChoice = EditedModel['range'];

const ORDERS = ['RGB', 'BGR'] as const;

/** What no file says for sure, and what shows in the results if it was guessed wrong. */
export function WrongLooks({ model, edited, onEdit }: WrongLooksProps) {
  const { t, i18n } = useTranslation();
  const ranges: { value: RangeChoice; label: string }[] = RANGE_NAMES.map((value) => {
    return { value, label: t(`models.ranges.${value}`) };
  });
  if (model.range && editedOf(model).range === 'own') {
    const [from, to] = model.range.map((value) => formatCount(value, i18n.language));
    ranges.unshift({ value: 'own', label: t('models.valuesOf', { from, to }) });
  }
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('models.wrongColours')}</legend>
      <p className={styles.quiet}>{t('models.wrongColoursNote')}</p>
      <div className={styles.pair}>
        <Choice
          label={t('models.order')}
          value={edited.order}
          options={ORDERS.map((value) => ({ value, label: t(`models.orders.${value}`) }))}
          onChange={(order) => onEdit({ order })}
        />

        <Choice
          label={t('models.range')}
          value={edited.range}
          options={ranges}
          onChange={(range) => onEdit({ range })}
        />
      </div>
    </fieldset>
  );
}
