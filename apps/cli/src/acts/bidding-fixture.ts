import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromBase64, sealEnvelope, sha256, toBase64, toHex, type Envelope } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import { bytesOf, DEADLINE, idOf, type Appended, type SyntheticLog } from '../synthetic-log.js';
import { after, LOT, TENDER } from '../synthetic-tender.js';

/** A server that does what the contract says, in memory, on the synthetic log; `hostile` alters its answers. */
export class FakeServer {
  readonly parts = new Map<string, Uint8Array>();
  readonly bids: { readonly bidId: string; readonly envelope: Envelope; readonly entry: Appended }[] = [];
  readonly requests: string[] = [];
  readonly released: { shares: { bidId: string; share: string }[] }[] = [];
  box: Appended | undefined;
  attested = 0;
  failPuts = 0;
  failWhole = false;
  hostile: (bid: Appended) => Appended = (bid) => bid;
  readonly #server: Server;

  constructor(readonly log: SyntheticLog) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests.push(`${request.method} ${request.url}`);
        const raw = this.unframed(request.headers['content-type'], Buffer.concat(chunks));
        void this.answer(request.method!, request.url!, raw).then(([status, body]) => {
          const { offset, path } = body as { readonly offset?: number; readonly path?: string };
          response.writeHead(status, {
            'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
            ...(offset === undefined ? {} : { location: path, 'upload-offset': offset }),
          });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
    });
  }

  /** The document of a body that carries a ciphertext beside it, which is stored. */
  private unframed(type: string | undefined, raw: Buffer): Buffer {
    if (type !== 'application/vnd.segel.framed' || this.failWhole) return raw;
    const end = 4 + raw.readUInt32BE(0);
    this.parts.set(toHex(sha256(raw.subarray(end))), raw.subarray(end));
    return raw.subarray(4, end);
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  private async answer(method: string, url: string, raw: Buffer): Promise<[number, object | string]> {
    const path = url.split('?')[0]!;
    if (path.endsWith('/uploads')) {
      const { parts } = JSON.parse(raw.toString()) as { parts: { sha256: string; sizeBytes: number }[] };
      const missing = parts.filter(({ sha256: hash }) => !this.parts.has(toHex(fromBase64(hash))));
      return [200, { missing: missing.map((part) => ({ sha256: part.sha256, stagedBytes: 0 })) }];
    }
    if (path.includes('/uploads/')) {
      // After a failed creation the client asks what came through: nothing.
      if (method === 'HEAD') return [404, 'nothing'];
      if (this.failPuts-- > 0) return [500, 'gone'];
      this.parts.set(path.split('/').at(-1)!, raw);
      return [201, { offset: raw.length, path }];
    }
    if (this.failWhole && path.endsWith('/bids')) {
      this.failWhole = false;
      return [502, 'the line was cut'];
    }
    if (method === 'POST' && path.endsWith('/bids')) return this.submit(raw);
    if (path.endsWith('/receipt')) return [200, await this.log.receipt(this.hostile(this.bids.at(-1)!.entry))];
    return this.afterDeadline(path, url, raw);
  }

  private submit(raw: Buffer): [number, object] {
    const { manifest, bodySig } = JSON.parse(raw.toString()) as { manifest: Envelope; bodySig: { key: string } };
    const { manifest: opened, manifestSha256 } = openManifest(manifest);
    if (this.bids.length > 0) return [409, { status: 409, code: 'bid_exists', detail: 'There is a bid.' }];
    if (bodySig.key !== opened.context.vendor_key) throw new Error('another key submits than sealed');
    const { lot_id, envelope, offer_id, bid_id, vendor_id, notice_sha256 } = opened.context;
    const body = {
      lot_id,
      envelope,
      offer_id,
      bid_id,
      vendor_id,
      manifest_sha256: toBase64(manifestSha256),
      ct_root: opened.ciphertext.root,
      notice_sha256,
    };
    const entry = this.log.append({ type: 'bid.submitted', tenderId: TENDER, body, signers: ['vendor'] }, true);
    this.log.publish(after(-600));
    this.bids.push({ bidId: bid_id, envelope: manifest, entry });
    const commitment = toBase64(entry.commitment!);
    const leafSha256 = toBase64(sha256(entry.data));
    const promised = { commitment, leaf_sha256: leafSha256, promised_at: DEADLINE.toISOString(), mmd_s: 60 };
    const promise = sealEnvelope('promise', { v: 1, log_origin: this.log.origin, ...promised }, bytesOf('promise'));
    return [201, { bidId: bid_id, leafSha256, commitment, submittedAt: DEADLINE.toISOString(), promise }];
  }

  private afterDeadline(path: string, url: string, raw: Buffer): [number, object] {
    if (path.endsWith('/boxes')) return [200, [{ id: idOf('box'), lotId: LOT, envelope: 'single' }]];
    if (path.endsWith('/audit/entries')) {
      const [from, to] = [...new URL(url, 'http://x').searchParams.values()].map(Number);
      const rows = this.log.entries.slice(from, to).map(({ index, data, salt, entryBytes }) => ({
        index,
        data: toBase64(data),
        ...(salt === undefined ? {} : { salt: toBase64(salt), entryBytes: toBase64(entryBytes) }),
      }));
      return [200, rows];
    }
    if (path.endsWith('/attestation')) return [201, { n: ++this.attested }];
    if (path.endsWith('/release-set')) {
      const bids = this.bids.map(({ bidId, envelope, entry }) => ({
        bidId,
        commitment: toBase64(entry.commitment!),
        salt: toBase64(entry.salt!),
        entryBytes: toBase64(entry.entryBytes),
        manifest: envelope,
      }));
      return [200, { lotId: LOT, envelope: 'single', bids }];
    }
    if (path.endsWith('/releases')) {
      this.released.push(JSON.parse(raw.toString()));
      return [201, {}];
    }
    return [404, { code: 'not_found', detail: 'No such route.' }];
  }
}
