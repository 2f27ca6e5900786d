/** One part of a sealed bid to its place on the server, by the tus protocol: whatever happens to the line, it goes on at
 *  the byte the server has. */
import { Upload, type DetailedError, type HttpResponse } from 'tus-js-client';
import type { ApiClient } from '../api-client.js';
import { NetworkError } from '../problem.js';

/** A line on which nothing moves for so long is dead, whatever the system says. */
const STALL_MS = 120_000;
/** Without a byte gained for so long it is given up. What arrived stays there for the next attempt. */
export const PATIENCE_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 30_000;

export type PartUpload = {
  readonly client: ApiClient;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What the server said it has of it. */
  readonly stagedBytes: number;
  /** Told how many bytes of the part have gone. */
  readonly onSent: (bytes: number) => void;
  readonly patienceMs?: number | undefined;
};

/** Sends the part, again and again until it is there. Throws ApiProblem when the server refuses it, NetworkError when the
 *  line is dead for too long. */
export async function sendPart(part: PartUpload): Promise<void> {
  const { client, patienceMs = PATIENCE_MS } = part;
  let gainedAt = performance.now();
  let most = part.stagedBytes;
  const onOffset = (offset: number): void => {
    if (offset <= most) return;
    most = offset;
    gainedAt = performance.now();
  };
  for (let pause = 500, first = part.stagedBytes === 0; ; first = false) {
    const before = most;
    try {
      return await attempt(part, first, onOffset);
    } catch (error) {
      const refused = (error as Partial<DetailedError>).originalResponse;
      if (refused && isFinal(refused.getStatus())) throw client.problem(refused.getStatus(), refused.getBody());
      if (performance.now() - gainedAt > patienceMs) {
        throw new NetworkError('the line is dead; what has arrived is kept, try again later', { cause: error });
      }
      pause = most > before ? 500 : Math.min(2 * pause, LONGEST_PAUSE_MS);
      await client.sleep(pause);
    }
  }
}

/** Refused for good: another attempt would hear the same. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 409, 423, 429].includes(status);
}

/** The first attempt brings the bytes with it; the next ask how many came through. */
function attempt(part: PartUpload, first: boolean, onOffset: (offset: number) => void): Promise<void> {
  const url = part.client.address(part.path);
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
      headers: { ...part.client.authorization },
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
