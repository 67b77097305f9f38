import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { AddIcon, FolderIcon, PictureIcon, StripIcon } from '../components/icons.tsx';
import { MenuButton } from '../components/Menu.tsx';
import { usePickers } from './use-pickers.ts';

/** Ways to add photographs. */
export function AddMenu() {
  const { t } = useTranslation();
  const { addPhotos, addFolder, browse } = usePickers();
  const commands = [
    [
      { id: 'photos', label: t('intake.addPhotos'), icon: <PictureIcon />, run: addPhotos },
      { id: 'folder', label: t('intake.addFolder'), icon: <FolderIcon />, run: addFolder },
    ],
    browse
      ? [
          {
            id: 'browse',
            label: t('intake.browse', { root: browse.root }),
            icon: <StripIcon />,
            run: browse.open,
          },
        ]
      : [],
  ];
  return (
    <MenuButton
      trigger={
        <Button>
          <AddIcon />
          {t('intake.add')}
        </Button>
      }
      commands={commands}
    />
  );
}
