/** What is known about a conversation when a canned reply goes into it. */
export interface ReplyVariables {
  readonly name?: string | undefined;
  /** Title of the page the visitor is on, or its address. */
  readonly page?: string | undefined;
  readonly owner?: string | undefined;
}

/**
 * Fills `{name}`, `{page}` and `{owner}`, in one pass: what is filled in is never filled again.
 * Where nothing is known, the fallback stands in, so that no brace and no hole reaches a visitor.
 */
export function fillVariables(
  text: string,
  variables: ReplyVariables,
  fallback: Readonly<Record<'name' | 'page' | 'owner', string>>,
): string {
  return text.replace(/\{(name|page|owner)\}/gi, (_, found: string) => {
    const key = found.toLowerCase() as 'name' | 'page' | 'owner';
    return variables[key]?.trim() || fallback[key];
  });
}
