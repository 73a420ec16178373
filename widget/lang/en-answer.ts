/** What can be said about an answer, loaded with the first one. */
export const enAnswer = {
  rate: 'Was this answer helpful?',
  up: 'Helpful',
  down: 'Not helpful',
  thanks: 'Thanks',
};

export type AnswerWords = typeof enAnswer;
