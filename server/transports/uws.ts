import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import { failure, success, type Result } from '../../shared/result.ts';
import type { Listener, ListenOptions, Transport } from '../transport-ports.ts';
import { freePort, resolveBindAddress, whyNotListening } from './addresses.ts';
import { createLingering } from './lingering.ts';
import { checkTlsFiles } from './tls-files.ts';
import { uwsHttpHandler } from './uws-http.ts';
import { uwsBehavior } from './uws-socket.ts';

type Native = typeof import('uWebSockets.js');

/** The typings lack the form of `listen` that takes a host and an option. */
interface ExclusiveListen {
  listen(
    host: string,
    port: number,
    option: number,
    callback: (socket: us_listen_socket | false) => void,
  ): unknown;
}

/** Time in which peers answer a close frame, in milliseconds. */
const handshakeMs = 300;

/** LIBUS_LISTEN_EXCLUSIVE_PORT: without it a second server shares the port and takes half. */
const exclusivePort = 1;

/**
 * Loads uWebSockets.js, whose binary exists for glibc Linux, macOS and Windows only.
 *
 * @param importNative - what imports the package
 * @returns the transport, or in one line why this machine cannot have it
 */
export async function loadUws(
  importNative: () => Promise<unknown> = () => import('uWebSockets.js'),
): Promise<Result<Transport, string>> {
  // Read once, when the binary loads; its default of 4 KiB refuses requests with long cookies.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= '16384';
  try {
    const imported = (await importNative()) as Native & { readonly default?: Native };
    const native = imported.default ?? imported;
    return success({
      name: 'uWebSockets.js',
      listen: (options) => listen(native, options),
    });
  } catch (error) {
    return failure(whyNotLoaded(error));
  }
}

/** Why the binary did not load, in one line for a log. */
function whyNotLoaded(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  const glibc = /version [`'](GLIBC_[\d.]+)' not found/.exec(text)?.[1];
  if (glibc) return `its binary needs ${glibc.replace('_', ' ')} or newer`;
  if (/ld-linux|ld-musl|libc\.so\.6/.test(text)) return 'its binary needs glibc (musl found)';
  if (/Cannot find module '\.\/uws_/.test(text)) {
    const { platform, arch, version } = process;
    return `it has no binary for Node ${version} on ${platform} ${arch}`;
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return 'the optional package is not installed';
  }
  // The package's own error names every platform it knows first, and the cause at the end.
  return text.trim().split('\n').at(-1) ?? text;
}

async function listen<Data>(native: Native, options: ListenOptions<Data>): Promise<Listener> {
  const { host, port, tls } = options;
  // The native code says nothing of use about files that it cannot read.
  if (tls) await checkTlsFiles(tls);
  const address = await resolveBindAddress(host);
  const app: TemplatedApp = tls
    ? native.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile })
    : native.App();
  const answerHttp = uwsHttpHandler(options, tls !== undefined);
  const lingering = createLingering();
  app.ws('/*', uwsBehavior(options, answerHttp, lingering));
  app.any('/*', answerHttp);

  const socket = await bind(app, address, port);
  if (!socket) {
    app.close();
    throw await whyNotListening(address, port);
  }

  let accepting = true;
  let closed = false;
  const stopAccepting = (): void => {
    if (!accepting) return;
    accepting = false;
    native.us_listen_socket_close(socket);
  };
  return {
    port: native.us_socket_local_port(socket),
    stopAccepting,
    flushed: async (withinMs) => {
      const startedMs = performance.now();
      await lingering.emptied(withinMs);
      // Nothing tells when a close frame has arrived; a connection that ends before its peer has
      // answered may take the frame with it.
      const leftMs = withinMs - (performance.now() - startedMs);
      const waitMs = Math.min(leftMs, handshakeMs - lingering.quietMs());
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    },
    close: async () => {
      if (closed) return;
      closed = true;
      stopAccepting();
      app.close();
      // Sockets closed now are freed, with their port, at the end of the loop's turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/**
 * Takes the port, or gives `false`. A free port is found with Node first: asked for port 0, the
 * native code leaves out SO_REUSEADDR, and the port then stays blocked while connections to it
 * linger, however well they were closed.
 */
async function bind(
  app: TemplatedApp,
  address: string,
  port: number,
): Promise<us_listen_socket | false> {
  const listening = (candidate: number): Promise<us_listen_socket | false> =>
    new Promise((resolve) => {
      (app as unknown as ExclusiveListen).listen(address, candidate, exclusivePort, resolve);
    });
  if (port !== 0) return listening(port);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const socket = await listening(await freePort(address));
    if (socket) return socket;
  }
  return false;
}
