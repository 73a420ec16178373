import { Hono } from 'hono';
import { countCodePoints } from '../../shared/codec.ts';
import type { SearchResults } from '../../shared/console-protocol.ts';
import { toOwnerMessage } from '../console/message-json.ts';
import { toConversationJson } from '../console/summary-json.ts';
import { excerptOf } from '../owner/excerpt.ts';
import { searchWords } from '../owner/search-words.ts';
import { toNoteJson } from './desk-routes.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { numberOf } from './request-query.ts';
import { defaultSearchLimit, maxQueryChars, maxSearchLimit } from './search-limits.ts';

/** `/search`: full text over messages, notes and what is known of visitors. */
export function searchRoute(options: OwnerOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  routes.get('/search', async (context) => {
    const limit = numberOf(context, 'limit', 1, maxSearchLimit);
    if (!limit.ok) return limit.error;
    const query = context.req.query('q') ?? '';
    const words = searchWords(query);
    if (words.length === 0 || countCodePoints(query) > maxQueryChars) {
      const detail = `"q" must be words to look for, in at most ${maxQueryChars} characters.`;
      return httpError(context, 400, 'invalid_message', detail, 'q');
    }
    const before = context.req.query('before');
    const { signal } = context.req.raw;
    const { hits, cursor } = await options.store.search({
      words,
      limit: limit.value ?? defaultSearchLimit,
      ...(before ? { before } : {}),
      signal,
    });
    const shown: SearchResults['hits'] = [];
    for (const { conversation, message, note, text } of hits) {
      // An excerpt of a long text takes a millisecond or two: others get a turn before each.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) break;
      shown.push({
        conversation: toConversationJson(conversation, options.live(conversation.id), options),
        ...(message ? { message: toOwnerMessage(message) } : {}),
        ...(note ? { note: toNoteJson(note) } : {}),
        excerpt: excerptOf(text, words),
      });
    }
    return context.json({
      hits: shown,
      ...(cursor === undefined ? {} : { cursor }),
    } satisfies SearchResults);
  });
  return routes;
}
