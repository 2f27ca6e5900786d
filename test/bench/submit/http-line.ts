/** A client's connections: node:http with keep-alive, the cheapest client of this runtime, so that what is measured is
 *  the server. */
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';

export type Reply = { readonly status: number; readonly text: string };

export class HttpLine {
  private readonly agent: Agent;
  private readonly address: { readonly hostname: string; readonly port: string };

  constructor(url: string, connections: number) {
    const { hostname, port } = new URL(url);
    this.address = { hostname, port };
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** One request; text goes as JSON, bytes as octet-stream. Rejects when there is no answer. */
  async send(
    method: string,
    path: string,
    token: string,
    body?: string | Uint8Array,
    more: OutgoingHttpHeaders = {},
  ): Promise<Reply> {
    const headers: OutgoingHttpHeaders = { authorization: `Bearer ${token}` };
    if (body !== undefined) {
      headers['content-type'] = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
      headers['content-length'] = Buffer.byteLength(body);
    }
    Object.assign(headers, more);
    return new Promise((resolve, reject) => {
      const call = request({ ...this.address, agent: this.agent, method, path, headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
