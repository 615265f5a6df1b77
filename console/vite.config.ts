import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const origin = process.env.CHATDESK_ORIGIN ?? 'http://127.0.0.1:4000';
const served = { target: origin, changeOrigin: true };

export default defineConfig({
  plugins: [react()],
  server: {
    // The paths that the backend serves beside the page.
    proxy: {
      '/graphql': { ...served, ws: true },
      '/config.json': served,
      '/dev/': served,
      '/widget': served,
      '/channels': served,
    },
  },
  build: {
    target: 'es2022',
    // With light-dark(): rewritten for older browsers it would need to know where the library switches
    // the scheme, and all its colours would be lost without a word.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Dependencies change seldom, so they stay in the browser's cache.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
              priority: 3,
            },
            {
              name: 'graphql',
              test: /node_modules[\\/](@apollo|@wry|graphql|graphql-ws|optimism|rxjs)[\\/]/,
              priority: 2,
            },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/, priority: 2 },
            // Signing in elsewhere is loaded by who does.
            { name: 'vendor', test: /node_modules[\\/](?!oidc-client-ts|jwt-decode)/, priority: 1 },
          ],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
