import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const origin = process.env.CHATDESK_ORIGIN ?? 'http://127.0.0.1:4000';
const served = { target: origin, changeOrigin: true };

export default defineConfig({
  plugins: [react()],
  server: {
    // What the backend serves beside the page.
    proxy: {
      '/graphql': { ...served, ws: true },
      '/config.json': served,
      '/dev/': served,
      '/widget': served,
      '/channels': served,
    },
  },
  build: { target: 'es2022' },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
