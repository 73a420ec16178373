import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Tells which sockets still owe an answer to a plain request. HTTP/1.1 lets a client send the next
 * request before it has the answer (RFC 9112, 9.3.2), and Node hands the socket over for an
 * upgrade at once: an answer that is still being made would then be written between WebSocket
 * frames.
 */
export function watchUnanswered(server: Server): (stream: Duplex) => boolean {
  const unanswered = new WeakMap<Duplex, number>();
  const count = (stream: Duplex, change: number): void =>
    void unanswered.set(stream, (unanswered.get(stream) ?? 0) + change);
  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  return (stream) => (unanswered.get(stream) ?? 0) > 0;
}
