import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type Bridge, CHANNELS, PORT_MESSAGE } from '../shared/contract/bridge.ts';

const bridge: Bridge = {
  connect: () => ipcRenderer.send(CHANNELS.connect),
  tokens: async (files) => {
    // The page never sees the path of anything, and main hears only of files that the system has handed to the page.
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(CHANNELS.tokens, paths);
  },
};

// Ports do not cross the context bridge; messages of the window to itself carry them.
ipcRenderer.on(CHANNELS.port, ({ ports }) => {
  window.postMessage(PORT_MESSAGE, window.location.origin, ports);
});

contextBridge.exposeInMainWorld('enlarger', bridge);
