/**
 * Whether a text looks like an e-mail address, by the rule by which the server reads one: stricter
 * here would refuse what it takes, looser would lose a message to an error.
 */
export const isEmailAddress = (text: string): boolean =>
  /^[^\s@,;<>"()[\]\\]+@[^\s@.,;<>"()[\]\\]+(\.[^\s@.,;<>"()[\]\\]+)*$/.test(text);
