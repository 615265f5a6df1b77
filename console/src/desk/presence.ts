import { useAct, type Act } from '../error/useAct';
import { graphql } from '../generated';
import type { SetPresenceMutation, SetPresenceMutationVariables } from '../generated/graphql';

const SET_PRESENCE = graphql(`
  mutation SetPresence($presence: Presence!) {
    setPresence(presence: $presence) {
      employee {
        id
        presence
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const payloadOf = (data: SetPresenceMutation) => data.setPresence;

type Payload = SetPresenceMutation['setPresence'];

/** Says whether I am available; and whether that is being said. */
export function useSetPresence(): [Act<Payload, SetPresenceMutationVariables>, boolean] {
  return useAct(SET_PRESENCE, payloadOf);
}
