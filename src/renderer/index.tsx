import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Welcome } from './welcome/Welcome.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Welcome />
    </StrictMode>,
  );
}
