import { startDesktop } from './shells/desktop/start-desktop.ts';

startDesktop();
