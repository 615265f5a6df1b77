// @ts-check
// A page that stays open: prints one line when its socket stands, and ends with it.
//
//     node held.mjs URL

import { ON_CONVERSATION } from './lib/documents.mjs';
import { token } from './lib/people.mjs';
import { line, listen } from './lib/socket.mjs';

const { origin } = new URL(process.argv[2]);
const socket = line(origin, await token(origin, 'client:Zoe', 'Support'));
socket.client.on('connected', () => console.log('held'));
socket.client.on('closed', () => process.exit(0));
listen(socket, 'a page', { query: ON_CONVERSATION, variables: { afterSeq: 0 } });
