/** One attempt to bring a part of a sealed file to its place on the server, by the tus protocol (tus.io, 1.0.0, with
 *  creation-with-upload). Fetch cannot tell how much has gone, so these are requests of the older kind; a client library
 *  would add a quarter to what a bidder on a poor line has to load first. */
import {
  NetworkError,
  PartRefused,
  problemOf,
  STALL_MS,
  type HttpApi,
  type PartToSend,
  type SendAttempt,
} from '@segel/acts';

type Server = Pick<HttpApi, 'address' | 'authorization'>;
type Part = PartToSend<Blob>;
type Reply = { readonly status: number; readonly text: string; readonly offset: number };

/** Attempts for uploadParts of libs/acts. */
export function tusAttempt(server: Server): SendAttempt<Blob> {
  return async (part, first, onOffset) => {
    const heard = (reply: Reply): number => {
      onOffset(reply.offset);
      return reply.offset;
    };
    let offset = first ? undefined : await stagedBytes(server, part);
    offset = heard(offset === undefined ? await create(server, part) : { status: 200, text: '', offset });
    while (offset < part.sizeBytes) {
      const before: number = offset;
      offset = heard(await append(server, part, before));
      if (offset <= before) throw new NetworkError('the server takes no bytes');
    }
  };
}

/** What the server has of the part; undefined when it has not begun. */
async function stagedBytes(server: Server, part: Part): Promise<number | undefined> {
  const reply = await request(server, part, 'HEAD', {});
  if (reply.status === 404 || reply.status === 410) return undefined;
  return demandOk(reply).offset;
}

async function create(server: Server, part: Part): Promise<Reply> {
  const headers = { 'upload-length': String(part.sizeBytes), 'content-type': OFFSET_STREAM };
  return demandOk(await request(server, part, 'POST', headers, part.bytes));
}

async function append(server: Server, part: Part, offset: number): Promise<Reply> {
  const headers = { 'upload-offset': String(offset), 'content-type': OFFSET_STREAM };
  return demandOk(await request(server, part, 'PATCH', headers, part.bytes.slice(offset), offset));
}

const OFFSET_STREAM = 'application/offset+octet-stream';

function demandOk(reply: Reply): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw new PartRefused(reply.status, problemOf(reply.status, reply.text));
}

function request(
  server: Server,
  part: Part,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: Blob,
  from = 0,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(() => xhr.abort(), STALL_MS);
    };
    const settle = (end: () => void) => (): void => {
      clearTimeout(stalled);
      end();
    };
    const cut = settle(() => reject(new NetworkError('the line was cut')));
    xhr.open(method, server.address(part.path));
    const all = { ...server.authorization, 'tus-resumable': '1.0.0', ...headers };
    for (const [name, value] of Object.entries(all)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => {
      part.onSent(from + loaded);
      moved();
    };
    xhr.onload = settle(() => {
      const offset = Number(xhr.getResponseHeader('upload-offset') ?? 0);
      resolve({ status: xhr.status, text: xhr.responseText, offset });
    });
    xhr.onerror = cut;
    xhr.onabort = cut;
    moved();
    xhr.send(body ?? null);
  });
}
