// @ts-check
// Prints a port of 127.0.0.1 at which nobody serves.

import { createServer } from 'node:net';

const server = createServer().listen(0, '127.0.0.1', () => {
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
  server.close();
});
