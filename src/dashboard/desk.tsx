// The desk as it is drawn.
import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, fetchFirstParts } from './app';
import type { SignedIn } from './session/begin';
import { askDeskConfig } from './session/desk-config';
import { SessionProvider } from './session/session';

/** What is fetched while the list is on its way. */
export function prepareDesk(first: SignedIn | null): void {
  const config = askDeskConfig();
  if (first) fetchFirstParts(config);
  // Whoever reads it is told of its failure.
  else config.catch(() => {});
}

/** @param first the session that this tab brought along */
export function drawDesk(first: SignedIn | null): void {
  createRoot(document.getElementById('desk') as HTMLElement).render(
    <StrictMode>
      <SessionProvider first={first}>
        <App />
      </SessionProvider>
    </StrictMode>,
  );
}
