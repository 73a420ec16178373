/**
 * Reads what a WebSocket server sends (RFC 6455, 5.2: frames that are not masked) behind its
 * answer to the upgrade, and leaves out acknowledgements while it is told to.
 */
export interface AcknowledgementFilter {
  /** Takes a chunk of the stream; gives what is to be passed on, which may be nothing yet. */
  push(chunk: Buffer): readonly Buffer[];
  /** Decided for each message as it begins. */
  dropping: boolean;
  readonly dropped: number;
}

const opcodes = { continuation: 0, text: 1, firstControl: 8 };
const longestHeader = 14;

interface Header {
  readonly length: number;
  readonly payloadLength: number;
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly isPlain: boolean;
}

/** `undefined` where more bytes are needed. */
function readHeader(bytes: Buffer): Header | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const length = 2 + extended + (isMasked ? 4 : 0);
  if (bytes.length < length) return undefined;
  const payloadLength =
    extended === 0
      ? short
      : extended === 2
        ? bytes.readUInt16BE(2)
        : Number(bytes.readBigUInt64BE(2));
  return {
    length,
    payloadLength,
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    // Compressed or masked: not to be read here.
    isPlain: (first & 0x70) === 0 && !isMasked,
  };
}

function isAcknowledgement(text: string): boolean {
  try {
    const message = JSON.parse(text) as { type?: unknown } | null;
    return typeof message?.type === 'string' && message.type.endsWith('_received');
  } catch {
    return false;
  }
}

export function createAcknowledgementFilter(): AcknowledgementFilter {
  let stage: 'response' | 'frames' | 'other' = 'response';
  let response = '';
  /** Beginning of a frame whose header has not come whole. */
  let begun: Buffer = Buffer.alloc(0);
  /** Of the frame that passes or is held. */
  let remaining = 0;
  let holding = false;
  let ends = false;
  let held: Buffer[] = [];
  let payloads: Buffer[] = [];
  /** A message in several frames is being held. */
  let inHeldMessage = false;

  const filter = { push, dropping: false, dropped: 0 };

  function push(chunk: Buffer): readonly Buffer[] {
    if (stage === 'other') return [chunk];
    const out: Buffer[] = [];
    let rest = chunk;
    if (stage === 'response') rest = readResponse(chunk, out);
    while (rest.length > 0) {
      rest = remaining > 0 ? readPayload(rest, out) : readFrame(rest, out);
    }
    return out;
  }

  function readResponse(chunk: Buffer, out: Buffer[]): Buffer {
    const before = response.length;
    response += chunk.toString('latin1');
    const end = response.indexOf('\r\n\r\n');
    if (end < 0) {
      out.push(chunk);
      // Not the answer to an upgrade, whatever else it may be.
      if (response.length > 64 * 1024) stage = 'other';
      return Buffer.alloc(0);
    }
    if (!response.startsWith('HTTP/1.1 101 ')) {
      stage = 'other';
      out.push(chunk);
      return Buffer.alloc(0);
    }
    stage = 'frames';
    const length = end + 4 - before;
    response = '';
    out.push(chunk.subarray(0, length));
    return chunk.subarray(length);
  }

  function readFrame(bytes: Buffer, out: Buffer[]): Buffer {
    const whole = begun.length === 0 ? bytes : Buffer.concat([begun, bytes]);
    const header = readHeader(whole.subarray(0, longestHeader));
    if (!header) {
      begun = whole;
      return Buffer.alloc(0);
    }
    begun = Buffer.alloc(0);
    const { opcode, isFinal, isPlain, length } = header;
    const isControl = opcode >= opcodes.firstControl;
    if (opcode === opcodes.text) inHeldMessage = filter.dropping && isPlain;
    holding = !isControl && inHeldMessage;
    ends = !isControl && isFinal;
    remaining = header.payloadLength;
    (holding ? held : out).push(whole.subarray(0, length));
    if (remaining === 0) frameEnded(out);
    return whole.subarray(length);
  }

  function readPayload(bytes: Buffer, out: Buffer[]): Buffer {
    const part = bytes.subarray(0, remaining);
    remaining -= part.length;
    if (holding) {
      held.push(part);
      payloads.push(part);
    } else out.push(part);
    if (remaining === 0) frameEnded(out);
    return bytes.subarray(part.length);
  }

  function frameEnded(out: Buffer[]): void {
    if (!holding || !ends) return;
    if (isAcknowledgement(Buffer.concat(payloads).toString())) filter.dropped += 1;
    else out.push(...held);
    held = [];
    payloads = [];
    inHeldMessage = false;
  }

  return filter;
}
