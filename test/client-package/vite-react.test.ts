// The React example of the README.
import { describeViteApp } from './vite.js';

describeViteApp({
  name: 'react',
  app: 'src/App.tsx',
  checker: 'tsc',
  frame: {
    'src/main.tsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import App from './App';

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
`,
  },
});
