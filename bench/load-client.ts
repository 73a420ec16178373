import { WebSocket } from 'ws';
import type { FromLoad, LoadOrder, Operation, ToLoad } from './protocol.ts';

const tell = (message: FromLoad): void => void process.send?.(message);

const questions = [
  '你好，这个博客系统是怎么构建的？',
  '能介绍一下使用的技术栈吗？',
  '如何部署到生产环境？',
  'How do I put the widget on my page?',
  'How do I deploy this to production?',
  'Where are the messages stored?',
];

/** Marks the frame that ends an operation; quotes keep `chat_message` from its acknowledgement. */
const endOf: Record<Operation, string> = {
  ping: '"pong"',
  message: '"chat_message_received"',
  turn: '"chat_message"',
};

const frameOf = (operation: Operation, count: number): string =>
  operation === 'ping'
    ? '{"type":"ping"}'
    : JSON.stringify({
        type: 'chat_message',
        message: questions[count % questions.length],
        timestamp: '2026-01-01T00:00:00.000Z',
      });

/**
 * Puts load on a server: every connection sends, waits for the end of the operation, and sends
 * again (a closed loop), so that a slower server is asked less and never drowned.
 */
export function runLoadClient(): void {
  let start: (() => void) | undefined;
  process.on('disconnect', () => process.exit());
  process.on('message', (message: ToLoad) => {
    if (message.type === 'go') start?.();
    else prepare(message).then((go) => (start = go), fail);
  });
}

const fail = (error: unknown): void => tell({ type: 'failed', reason: String(error) });

async function prepare(order: LoadOrder): Promise<() => void> {
  const { operation, connections } = order;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(order.url)));
  const latencies: number[] = [];
  let running = true;
  let measuring = false;

  let idle = 0;
  let onIdle: (() => void) | undefined;
  const loop = (socket: WebSocket, first: number): void => {
    let count = first;
    let sentAt = 0;
    const next = (): void => {
      if (!running) {
        idle += 1;
        if (idle === connections) onIdle?.();
        return;
      }
      sentAt = performance.now();
      socket.send(frameOf(operation, (count += 1)));
    };
    socket.on('message', (data: Buffer) => {
      if (!data.includes(endOf[operation])) {
        if (data.includes('"type":"error"')) fail(data.toString());
        return;
      }
      if (measuring) latencies.push(performance.now() - sentAt);
      next();
    });
    socket.on('close', (code) => {
      if (running) fail(`${order.url} closed with ${code} during ${operation}`);
    });
    next();
  };
  for (const [index, socket] of sockets.entries()) loop(socket, index);
  await new Promise((resolve) => setTimeout(resolve, order.warmUpMs));
  tell({ type: 'prepared' });

  return () => {
    measuring = true;
    const startedAt = performance.now();
    setTimeout(() => {
      // What is under way is waited for and counted: the server has worked for it already.
      running = false;
      onIdle = () => {
        for (const socket of sockets) socket.terminate();
        latencies.sort((a, b) => a - b);
        const quantile = (q: number): number => latencies[Math.floor(latencies.length * q)] ?? 0;
        tell({
          type: 'done',
          operations: latencies.length,
          elapsedMs: performance.now() - startedAt,
          p50Ms: quantile(0.5),
          p99Ms: quantile(0.99),
        });
      };
    }, order.durationMs);
  };
}

function open(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.on('error', reject);
  });
}
