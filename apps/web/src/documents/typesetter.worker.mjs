// The thread in which documents are set: tenths of a second of work must not hold up everybody else's requests.
import { parentPort, workerData } from 'node:worker_threads';

/** Its binary exists for common platforms only; where there is none, the import fails, and the answer says so. */
const starting = import('@myriaddreamin/typst-ts-node-compiler').then(({ NodeCompiler }) =>
  NodeCompiler.create({
    workspace: workerData.templates,
    fontArgs: [{ fontBlobs: workerData.fonts.map((font) => Buffer.from(font)) }],
  }),
);

// Said to whoever asks for a document, below; here it only must not end the thread.
starting.catch(() => undefined);

async function set({ document, at }) {
  const compiler = await starting.catch((error) => {
    throw Object.assign(new Error(error.message), { missing: true });
  });
  const compiled = compiler.compile({ mainFilePath: workerData.main, inputs: { document } });
  if (compiled.hasError()) {
    const { shortDiagnostics } = compiled.takeError();
    throw new Error(`the template does not compile: ${shortDiagnostics.map(({ message }) => message).join('; ')}`);
  }
  // PDF/UA-1 is checked as it is written: a picture without words for it fails here.
  const bytes = compiler.pdf(compiled.result, { pdfStandard: 'ua-1', creationTimestamp: at });
  // What was set before is remembered between documents; without this it would be for ever.
  compiler.evictCache(2);
  return new Uint8Array(bytes);
}

parentPort.on('message', (request) => {
  set(request).then(
    (bytes) => parentPort.postMessage({ id: request.id, bytes }, [bytes.buffer]),
    (error) =>
      parentPort.postMessage({ id: request.id, failed: String(error.message), missing: error.missing === true }),
  );
});
