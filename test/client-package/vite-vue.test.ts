// The Vue example of the README.
import { describeViteApp } from './vite.js';

describeViteApp({
  name: 'vue',
  app: 'src/App.vue',
  checker: 'vue-tsc',
  frame: {
    'vite.config.ts': `import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [vue()] });
`,
    'src/main.ts': `import { createApp } from 'vue';
import App from './App.vue';

createApp(App).mount('#app');
`,
  },
});
