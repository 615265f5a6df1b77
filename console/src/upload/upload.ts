import type { ApolloClient } from '@apollo/client';
import { clock } from '../clock/clock';
import { sayRefusal } from '../error/refusal';
import { graphql } from '../generated';
import { Uploads, type Ask } from './uploads';

const CREATE_UPLOAD = graphql(`
  mutation CreateUpload($sessionId: ID, $name: String!, $contentType: String!, $size: Int!) {
    createUpload(sessionId: $sessionId, name: $name, contentType: $contentType, size: $size) {
      upload {
        id
        url
        fields {
          name
          value
        }
        expiresAt
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

function askOf(client: ApolloClient): Ask {
  return async (sessionId, { name, contentType, size }) => {
    const variables = { sessionId, name, contentType, size };
    const { data } = await client.mutate({ mutation: CREATE_UPLOAD, variables });
    const [refusal] = data?.createUpload.userErrors ?? [];
    if (refusal !== undefined) return sayRefusal(refusal);
    const upload = data?.createUpload.upload;
    return upload ?? { key: 'error.fault' };
  };
}

const all = new WeakMap<ApolloClient, Uploads>();

/** Returns the uploads of the signed-in employee, which continue when another session is opened. */
export function uploadsOf(client: ApolloClient): Uploads {
  const found = all.get(client);
  if (found !== undefined) return found;
  const uploads = new Uploads(askOf(client), () => clock.now());
  all.set(client, uploads);
  return uploads;
}
