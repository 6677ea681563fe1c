// The desk as it is drawn.
import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import type { SignedIn } from './session/begin';
import { SessionProvider } from './session/session-provider';

export { fetchFirstParts } from './app';

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
