/** Reads `text/event-stream` (WHATWG HTML, 9.2.6 "Interpreting an event stream"). */

export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly name: string;
  readonly data: string;
}

/**
 * Events as they come to be whole; ids and reconnection times are of no use here. The rest of a
 * line may still be to come, so what is not ended by a blank line is not an event yet, except at
 * the end: services forget the last one.
 */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let data: string[] = [];
  let name = '';
  function* take(line: string): Generator<StreamEvent> {
    if (line === '') {
      if (data.length > 0) yield { name: name || 'message', data: data.join('\n') };
      data = [];
      name = '';
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') name = value;
  }
  for await (const line of readLines(chunks)) yield* take(line);
  yield* take('');
}

/** Lines that end with CR LF, LF or CR; the last one may end with nothing. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  for await (const chunk of chunks) {
    rest += chunk;
    if (isFirst && rest !== '') {
      rest = rest.replace(/^\uFEFF/, '');
      isFirst = false;
    }
    // A CR at the end may be half of an end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield* rest.split(/\r$/).slice(0, 1);
}
