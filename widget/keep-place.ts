const nearEndPx = 60;

/**
 * Draws a list anew while what is looked at stays where it is, although something above it gets
 * another height. At the end of the list it does nothing more: the list itself stays there.
 *
 * @param view - what scrolls
 * @param items - in the order in which they stand in it
 * @param draw - resolves when it is drawn
 */
export async function keepPlace(
  view: Element | null,
  items: Iterable<HTMLElement>,
  draw: () => Promise<unknown>,
): Promise<void> {
  const atEnd = !view || view.scrollHeight - view.scrollTop - view.clientHeight < nearEndPx;
  const first = [...items].find(
    ({ offsetTop, offsetHeight }) => offsetTop + offsetHeight > (view?.scrollTop ?? 0),
  );
  const before = first?.offsetTop ?? 0;
  await draw();
  if (!atEnd && first) view.scrollTop += first.offsetTop - before;
}
