import { notifications } from '@mantine/notifications';
import { useCallback, useRef } from 'react';
import { useLocation } from 'wouter';
import type { Refusal } from '../error/refusal';
import { useAct } from '../error/useAct';
import { graphql } from '../generated';
import type { ClaimNextSessionMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { sessionPath } from '../session/path';

const CLAIM_NEXT = graphql(`
  mutation ClaimNextSession($key: String!) {
    claimNextSession(idempotencyKey: $key) {
      session {
        id
        ...SessionFacts
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const payloadOf = (data: ClaimNextSessionMutation) => data.claimNextSession;

/** Takes the session that waits longest, and opens it. */
export function useTakeNext(onOffline: () => void): [() => void, boolean] {
  const text = useText();
  const [, navigate] = useLocation();
  const key = useRef<string>(undefined);
  const onRefused = useCallback(
    ({ code }: Refusal) => {
      // It is decided: another click is another try.
      key.current = undefined;
      if (code !== 'OPERATOR_OFFLINE') return false;
      onOffline();
      return true;
    },
    [onOffline],
  );
  const [claimNext, claiming] = useAct(CLAIM_NEXT, payloadOf, onRefused);
  const take = async () => {
    // Without an answer it is not known whether one was taken: the same key finds out.
    key.current ??= crypto.randomUUID();
    const payload = await claimNext({ key: key.current });
    if (payload === undefined) return;
    key.current = undefined;
    if (payload.session) navigate(sessionPath(payload.session.id));
    else notifications.show({ message: text('desk.noneWaits') });
  };
  return [() => void take(), claiming];
}
