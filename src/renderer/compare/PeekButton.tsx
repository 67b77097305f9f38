import { Toolbar } from '@base-ui/react/toolbar';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { OriginalIcon } from '../components/icons.tsx';
import { useCompare } from './compare-store.ts';

/** Shows the original for as long as it is held. */
export function PeekButton({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const peeking = useCompare((compare) => compare.peeking);
  const peek = useCompare((compare) => compare.peek);
  const isPress = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter';
  return (
    <Toolbar.Button
      disabled={disabled}
      render={
        <IconButton
          icon={<OriginalIcon />}
          label={t('compare.peek')}
          keys={t('compare.peekKey')}
          aria-pressed={peeking}
          onPointerDown={() => !disabled && peek(true)}
          onPointerUp={() => peek(false)}
          onPointerLeave={() => peek(false)}
          onPointerCancel={() => peek(false)}
          onKeyDown={(event) => !disabled && isPress(event) && peek(true)}
          onKeyUp={(event) => isPress(event) && peek(false)}
          onBlur={() => peek(false)}
        />
      }
    />
  );
}
