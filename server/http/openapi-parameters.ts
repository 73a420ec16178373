/** Parameters of paths and queries, for the description of the owner's interface. */
import { answerLists, maxListLimit, views } from '../../shared/console-protocol.ts';
import { maxHistoryLimit } from '../../shared/limits.ts';
import { defaultAnswersLimit, maxAnswersLimit } from './answer-limits.ts';
import type { Schema } from './openapi-schema.ts';
import { defaultSearchLimit, maxQueryChars, maxSearchLimit } from './search-limits.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: true;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

const inPath = (name: string, description: string, example: string): Parameter => ({
  ...{ name, in: 'path', required: true, description, schema: { type: 'string' }, example },
});
const inQuery = (name: string, description: string, schema: Schema): Parameter => ({
  ...{ name, in: 'query', description, schema },
});
const limit = (maximum: number, preset: number): Parameter =>
  inQuery('limit', 'How many at most.', {
    ...{ type: 'integer', minimum: 1, maximum, default: preset },
  });

export const conversationId = inPath('id', 'Id of the conversation.', 'q3Zt0b1Xk8vJ2mLw9sYfA');
export const noteId = inPath('note', 'Id of the note.', 'note-1');
export const before = inQuery('before', '`cursor` of the page before this one.', {
  type: 'string',
});
export const listLimit = limit(maxListLimit, 50);
export const pageLimit = limit(maxHistoryLimit, maxHistoryLimit);
export const searchLimit = limit(maxSearchLimit, defaultSearchLimit);
export const answerLimit = limit(maxAnswersLimit, defaultAnswersLimit);
export const answerList = inQuery(
  'list',
  '`down`: rated as not helpful. `up`: rated as helpful. `not_covered`: found in no post.',
  { type: 'string', enum: [...answerLists], default: 'down' },
);
export const view = inQuery('view', 'Only conversations of this view.', {
  type: 'string',
  enum: [...views],
});
export const user = inQuery('user', 'Only conversations of this verified user.', {
  type: 'string',
});
export const afterSeq = inQuery('after_seq', 'The first messages after this `seq`.', {
  type: 'integer',
  minimum: 0,
});
export const beforeSeq = inQuery(
  'before_seq',
  'The last messages before this `seq`; of no account where `after_seq` is given.',
  { type: 'integer', minimum: 1 },
);
export const words: Parameter = {
  ...inQuery('q', 'Words to look for.', { type: 'string', minLength: 1, maxLength: maxQueryChars }),
  required: true,
  example: 'invoice "last May"',
};
