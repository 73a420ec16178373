const clientIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a client may use this id for a message. `:` is reserved for the server. */
export const isClientMessageId = (id: string): boolean => clientIdPattern.test(id);

/** The id of the answer to a visitor's message: one a question, however often it is computed. */
export const answerIdOf = (questionId: string): string => `ai:${questionId}`;
