/** Most hits on a page of search results. */
export const maxSearchLimit = 50;
/** Hits on a page where nobody says how many. */
export const defaultSearchLimit = 20;
/** Longest search, in Unicode code points. */
export const maxQueryChars = 200;
