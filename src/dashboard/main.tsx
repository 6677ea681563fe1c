// The desk's page begins here.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { SessionProvider } from './session/session';
import { applyAppearance } from './notices/preferences';
import { reloadForNewerBuild } from './ui/newer-build';
import './ui/theme.css';

applyAppearance();
reloadForNewerBuild();
createRoot(document.getElementById('desk') as HTMLElement).render(
  <StrictMode>
    <SessionProvider>
      <App />
    </SessionProvider>
  </StrictMode>,
);
