import { ackFrame, pongFrame } from '../protocol.ts';
import { answerCpu, tellParent } from './answer-cpu.ts';

/**
 * The limit: uWebSockets.js that looks at nothing and stores nothing, and answers every frame
 * with bytes made beforehand. Short frames are pings, longer ones messages.
 */
export async function serveBareUws(): Promise<void> {
  const { default: native } = await import('uWebSockets.js');
  answerCpu();
  native
    .App()
    .ws('/*', {
      idleTimeout: 0,
      sendPingsAutomatically: false,
      compression: 0,
      message: (socket, message) => {
        socket.send(message.byteLength < 20 ? pongFrame : ackFrame);
      },
    })
    .listen('127.0.0.1', 0, (listening) => {
      if (!listening) throw new Error('no port');
      tellParent({ type: 'listening', port: native.us_socket_local_port(listening) });
    });
}
