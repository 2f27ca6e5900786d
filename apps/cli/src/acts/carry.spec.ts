/** The file in which a sealed bid is carried: read back as it was, and nothing else is read as one. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carriedAround, readCarried, type CarriedBid } from '@segel/acts';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpackBid } from './carry.js';

const BID_ID = '019a0000-0000-7000-8000-000000000001';
const SEALED = Buffer.from('sealed'.repeat(100));
const signature = { key: 'a', sig: 'b' };
const bid: CarriedBid = {
  v: 1,
  tenderId: 't',
  lotId: 'l',
  vendorId: 'v',
  bidId: BID_ID,
  manifestSha256: 'm',
  sealedAt: '2026-11-22T12:00:00.000Z',
  size: SEALED.length,
  bodySig: signature,
};

function bundleOf(carried: CarriedBid = bid): Buffer {
  const manifest = { payloadType: 'p', payload: 'p', signatures: [] } as never;
  const { head, tail } = carriedAround({ bid: carried, manifest, seedFile: Buffer.from('seed') });
  return Buffer.concat([head, SEALED, tail]);
}

const read = (bytes: Buffer): ReturnType<typeof readCarried> =>
  readCarried({ size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) });

describe('a carried bid', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'segel-carried-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is an ordinary tar file, and is unpacked as `segel seal` leaves a bid', async () => {
    const file = path.join(folder, 'x.bid.tar');
    await writeFile(file, bundleOf());
    expect(execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n')).toEqual(
      ['bid.json', 'manifest.json', 'seed.age', 'sealed'].map((ending) => `${BID_ID}.${ending}`),
    );
    const unpacked = await unpackBid(file);
    expect(unpacked).toEqual({ bid, manifestFile: path.join(folder, `${BID_ID}.manifest.json`) });
    expect(await readFile(path.join(folder, `${BID_ID}.sealed`))).toEqual(SEALED);
    expect((await readdir(folder)).toSorted()).toHaveLength(4);
  });

  it('is nothing that was cut, lengthened, changed in a header, or named by a path', async () => {
    const whole = bundleOf();
    await expect(read(whole)).resolves.toMatchObject({ bid });
    const renamed = Buffer.from(whole);
    renamed[0] = 0x2f;
    const hostile = bundleOf({ ...bid, bidId: '../../x' });
    const cases = [whole.subarray(0, -1), whole.subarray(0, 700), Buffer.concat([whole, whole]), renamed, hostile];
    for (const bytes of [...cases, Buffer.alloc(0), bundleOf({ ...bid, size: 7 })])
      await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle_malformed' });
  });
});
