// The desk's page begins here.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { SessionProvider } from './session/session';
import { applyAppearance } from './notices/preferences';
import './ui/theme.css';

applyAppearance();
createRoot(document.getElementById('desk') as HTMLElement).render(
  <StrictMode>
    <SessionProvider>
      <App />
    </SessionProvider>
  </StrictMode>,
);
