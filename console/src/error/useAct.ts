import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useText } from '../language/language';
import { sayFault } from './fault';
import { sayRefusal, type Refusal } from './refusal';

/** The fields that every payload has. */
interface Payload {
  userErrors: readonly Refusal[];
  claimedBy?: { name: string } | null;
}

/**
 * Does one thing; `undefined` says that it was not done, and why has been shown. What is expected of
 * the service is shown at once, until its answer is here.
 */
export type Act<P, V, D = never> = (variables: V, expected?: D) => Promise<P | undefined>;

interface Options<D, V> {
  variables: V;
  optimisticResponse?: D;
}

/**
 * An act of the schema: sends a mutation, shows why it was refused or failed, and gives its payload.
 * `onRefused` may take a refusal on itself by answering true: it is then not shown.
 *
 *     const [close, closing] = useAct(CloseSession, (data) => data.closeSession);
 */
export function useAct<D, V extends OperationVariables, P extends Payload>(
  document: TypedDocumentNode<D, V>,
  payloadOf: (data: D) => P,
  onRefused?: (refusal: Refusal, payload: P) => boolean,
): [Act<P, V, D>, boolean] {
  const [mutate, { loading }] = useMutation(document);
  const text = useText();
  const act = useCallback<Act<P, V, D>>(
    async (variables, expected) => {
      const show = (message: string) => notifications.show({ color: 'red', message });
      try {
        const send = mutate as (options: Options<D, V>) => Promise<{ data?: D }>;
        const { data } = await send({
          variables,
          ...(expected !== undefined && { optimisticResponse: expected }),
        });
        if (data === undefined) return undefined;
        const payload = payloadOf(data);
        const refusal = payload.userErrors[0];
        if (refusal === undefined) return payload;
        if (onRefused?.(refusal, payload)) return undefined;
        const said = sayRefusal(refusal, payload.claimedBy);
        show(text(said.key, said.values));
      } catch (error) {
        show(text(sayFault(error)));
      }
      return undefined;
    },
    [mutate, payloadOf, onRefused, text],
  );
  return [act, loading];
}
