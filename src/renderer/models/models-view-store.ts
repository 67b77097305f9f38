import { create } from 'zustand';
import { useView } from '../stores/view-store.ts';

export type ModelsTab = 'installed' | 'catalogue';

/** Which part of the models is looked at; it stays while the page does. */
export const useModelsTab = create<{ tab: ModelsTab }>()(() => ({ tab: 'installed' }));

/** Opens the dialog with what is installed. */
export function openModels(): void {
  useModelsTab.setState({ tab: 'installed' });
  useView.getState().open('models');
}
