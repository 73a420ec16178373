/**
 * Address of a file of the inbox. `/console` has no slash at its end, so relative addresses would
 * not lead into its folder; a server below a path has it before `/console`.
 *
 * @param page - default: the page's own address
 */
export const inboxUrl = (path: string, page: string = document.baseURI): string => {
  const { origin, pathname } = new URL(page);
  return `${origin}${pathname.replace(/\/console(\/.*)?$/, '')}/console/${path}`;
};
