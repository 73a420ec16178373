/** Most answers on a page of a list of them. */
export const maxAnswersLimit = 50;
/** Answers on a page where nobody says how many. */
export const defaultAnswersLimit = 20;
