import './no-eval.ts';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { Toasts } from './components/Toasts.tsx';
import { keepSession } from './stores/session-store.ts';
import './styles/tokens.css';
import './styles/base.css';
import { startWords } from './words/index.ts';

const root = document.getElementById('root');
if (root) {
  await startWords(navigator.language);
  void keepSession(new AbortController().signal);
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <Tooltip.Provider delay={500}>
          <App />
          <Toasts />
        </Tooltip.Provider>
      </CSPProvider>
    </StrictMode>,
  );
}
