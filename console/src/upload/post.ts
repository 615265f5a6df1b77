/** The form with which a file goes to the storage: nothing else may be sent with it. */
export interface Form {
  readonly url: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Sends a file with its form, and says how far it is, from 0 to 1. Resolves with the status of the
 * storage's answer, and with 0 where there was none, or where the signal ended it.
 */
export function post(
  form: Form,
  file: Blob,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve) => {
    const body = new FormData();
    for (const { name, value } of form.fields) body.append(name, value);
    // The storage reads nothing that comes after the file.
    body.append('file', file);
    // `fetch` does not say how much of a body is sent.
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    };
    request.onloadend = () => {
      resolve(request.status);
    };
    signal.addEventListener('abort', () => {
      request.abort();
    });
    request.open('POST', form.url);
    request.send(body);
  });
}
