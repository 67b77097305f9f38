import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('enlarger', { shell: 'desktop' });
