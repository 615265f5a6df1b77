import type { ApolloClient } from '@apollo/client';
import { readChannel } from '../channel/readChannel';
import { clock } from '../clock/clock';
import { pushed, take } from '../dialog/history';
import { sayRefusal, type Refusal } from '../error/refusal';
import { ADD_NOTE, SEND } from './acts';
import { beOpen, keeperIn, leftIn, openPages } from './left';
import { Outbox, type Outgoing, type Send } from './outbox';

interface Answer {
  message?: { id: string; seq: number } | null;
  claimedBy?: { name: string } | null;
  userErrors: readonly Refusal[];
}

/** Sends to the service, and puts what it took at its place in the dialog. */
function sendBy(client: ApolloClient): Send {
  return async (outgoing) => {
    const answer = await ask(client, outgoing);
    const refusal = answer?.userErrors[0];
    if (refusal !== undefined) {
      if (refusal.code === 'CANNOT_DELIVER') {
        await readChannel(client, outgoing.sessionId).catch(() => undefined);
      }
      return { said: sayRefusal(refusal, answer?.claimedBy), code: refusal.code };
    }
    // It is sent, whatever becomes of reading what came before it.
    if (answer?.message) {
      const { message } = answer;
      await pushed(client.cache, outgoing.sessionId, message.seq - 1);
      await take(client, outgoing.sessionId, message).catch(() => undefined);
    }
    return undefined;
  };
}

async function ask(client: ApolloClient, outgoing: Outgoing): Promise<Answer | undefined> {
  const { id: clientMessageId, sessionId, text, quote, readUpToSeq } = outgoing;
  // Only what is uploaded gets here.
  const attachmentIds = outgoing.files?.flatMap(({ uploaded }) => uploaded?.id ?? []);
  if (outgoing.isNote) {
    const variables = { sessionId, text, clientMessageId, attachmentIds };
    const { data } = await client.mutate({ mutation: ADD_NOTE, variables });
    return data?.addNote;
  }
  const replyToId = quote?.id;
  const variables = { sessionId, text, clientMessageId, replyToId, readUpToSeq, attachmentIds };
  const { data } = await client.mutate({ mutation: SEND, variables });
  return data?.sendMessage;
}

const outboxes = new WeakMap<ApolloClient, Outbox>();
const pageId = crypto.randomUUID();

/** The outbox of whoever is signed in: it sends on when another session is opened. */
export function outboxOf(client: ApolloClient, personId: string): Outbox {
  const found = outboxes.get(client);
  if (found !== undefined) return found;
  const outbox = new Outbox(sendBy(client), keeperIn(localStorage, personId, pageId));
  outboxes.set(client, outbox);
  beOpen(pageId);
  return outbox;
}

/** Takes over what pages of the same person left behind; what of it was news to this one. */
export async function takeOver(outbox: Outbox, personId: string): Promise<readonly Outgoing[]> {
  const isOpen = await openPages();
  return outbox.takeOver(leftIn(localStorage, personId, isOpen, clock.now()));
}
