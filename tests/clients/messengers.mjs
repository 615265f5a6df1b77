// @ts-check
// Answers that leave by messengers, with what others wrote at the far end, against a running system:
//
//     node messengers.mjs URL PORT
//
// The system takes http://127.0.0.1:PORT for Telegram's, where nobody serves yet.

import { answers } from './chapter/answers.mjs';
import { telegram } from './chapter/telegram.mjs';
import { Receiver } from './lib/receiver.mjs';
import { step, summary } from './lib/steps.mjs';
import { Support } from './lib/support.mjs';
import { Telegram } from './lib/bot-api.mjs';

const TOKEN = '123456789:a-token_that_nobody_else_has';

const [url = '', port = ''] = process.argv.slice(2);
const { origin } = new URL(url);

const support = await Support.open(origin);
const api = await Telegram.start(Number(port), TOKEN);
const receiver = await Receiver.start();
await telegram(support, api);
await answers(support, receiver);
await step('all is closed', async () => {
  await support.close();
  receiver.stop();
  await api.stop();
});
process.exit(summary() ? 0 : 1);
