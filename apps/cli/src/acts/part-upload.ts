/** One attempt to bring a part of a sealed file to its place on the server, by the tus protocol. */
import { NetworkError, PartRefused, problemOf, STALL_MS, type SendAttempt } from '@segel/acts';
import { Upload, type DetailedError, type HttpResponse } from 'tus-js-client';
import type { ApiClient } from '../api-client.js';

type Attempt = SendAttempt<Uint8Array>;

/** Attempts of tus-js-client, for uploadParts of libs/acts. */
export function tusAttempt(client: ApiClient): Attempt {
  return async (...attempt) => {
    try {
      await sendOnce(client, ...attempt);
    } catch (error) {
      const refused = (error as Partial<DetailedError>).originalResponse;
      if (!refused) throw error;
      throw new PartRefused(refused.getStatus(), problemOf(refused.getStatus(), refused.getBody()));
    }
  };
}

function sendOnce(client: ApiClient, ...[part, first, onOffset]: Parameters<Attempt>): Promise<void> {
  const url = client.address(part.path);
  return new Promise((resolve, reject) => {
    let stalled: NodeJS.Timeout | undefined;
    const settle = (end: () => void): void => {
      clearTimeout(stalled);
      end();
    };
    const moved = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        void upload.abort().finally(() => reject(new NetworkError('nothing moves on the line')));
      }, STALL_MS);
    };
    const upload = new Upload(Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length), {
      endpoint: url,
      uploadUrl: first ? null : url,
      uploadDataDuringCreation: true,
      retryDelays: null,
      headers: { ...client.authorization },
      onProgress: (sent) => {
        part.onSent(sent);
        moved();
      },
      onAfterResponse: (_request, response) => {
        onOffset(offsetIn(response));
        moved();
      },
      onSuccess: () => settle(resolve),
      // Refused before all was sent: the rest of the request would still go over the line.
      onError: (error) => settle(() => void upload.abort().finally(() => reject(error))),
    });
    moved();
    upload.start();
  });
}

function offsetIn(response: HttpResponse): number {
  return Number(response.getHeader('Upload-Offset') ?? 0);
}
