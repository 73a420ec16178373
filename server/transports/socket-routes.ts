/** Several endpoints behind one listener: each path's sockets go to their own handlers. */
import type { SocketHandlers } from '../transport-ports.ts';

/** The paths of one endpoint and who serves them. Its data's type is known to itself alone. */
export interface SocketRoute {
  accepts(path: string): boolean;
  upgrade: SocketHandlers<RoutedSocket>['upgrade'];
}

/** What the transport keeps with a socket: whose it is, and that one's own data. */
export interface RoutedSocket {
  use<Result>(what: <Data>(handlers: SocketHandlers<Data>, data: Data) => Result): Result;
}

/** An endpoint: `socketRoute(['/contact'], connections.sockets)`. */
export function socketRoute<Data>(
  paths: readonly string[],
  handlers: SocketHandlers<Data>,
): SocketRoute {
  return {
    accepts: (path) => paths.includes(path),
    upgrade(request) {
      const data = handlers.upgrade(request);
      return { use: (what) => what(handlers, data) };
    },
  };
}

/** Two of `ListenOptions`: what a listener needs to serve all routes. The first that accepts wins. */
export function routeSockets(routes: readonly SocketRoute[]): {
  acceptsPath(path: string): boolean;
  readonly sockets: SocketHandlers<RoutedSocket>;
} {
  return {
    acceptsPath: (path) => routes.some((route) => route.accepts(path)),
    sockets: {
      upgrade(request) {
        const route = routes.find(({ accepts }) => accepts(request.path));
        if (!route) throw new Error('A WebSocket was opened at a path that nobody serves.');
        return route.upgrade(request);
      },
      open: (socket, routed) => routed.use((handlers, data) => handlers.open(socket, data)),
      text: (socket, routed, text, byteLength) =>
        routed.use((handlers, data) => handlers.text(socket, data, text, byteLength)),
      binary: (socket, routed) => routed.use((handlers, data) => handlers.binary(socket, data)),
      tooLarge: (socket, routed) => routed.use((handlers, data) => handlers.tooLarge(socket, data)),
      alive: (socket, routed) => routed.use((handlers, data) => handlers.alive(socket, data)),
      drain: (socket, routed) => routed.use((handlers, data) => handlers.drain(socket, data)),
      close: (socket, routed, code) =>
        routed.use((handlers, data) => handlers.close(socket, data, code)),
    },
  };
}
