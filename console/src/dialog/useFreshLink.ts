import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef } from 'react';
import { useIsPast } from '../clock/useNow';
import { graphql } from '../generated';
import { endOf } from './attachment';
import type { Attachment } from './Attachments';

const LINKS = graphql(`
  query AttachmentLinks($id: ID!) {
    node(id: $id) {
      id
      ... on Attachment {
        state
        url
        thumbnailUrl
      }
    }
  }
`);

/**
 * Reads the links of a file again when they end, while the file is on the screen. Returns the same for
 * a link that did not work: it is read again once.
 */
export function useFreshLink({ id, url }: Pick<Attachment, 'id' | 'url'>): () => void {
  const client = useApolloClient();
  const isPast = useIsPast(url === null ? undefined : endOf(url));
  const tried = useRef<string>(undefined);
  const refresh = useCallback(() => {
    if (url === null || tried.current === url) return;
    tried.current = url;
    // What cannot be read now stays as it is: the next look tries again.
    client
      .query({ query: LINKS, variables: { id }, fetchPolicy: 'network-only' })
      .catch(() => undefined);
  }, [client, id, url]);
  useEffect(() => {
    if (isPast) refresh();
  }, [isPast, refresh]);
  return refresh;
}
