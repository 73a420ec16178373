/** Registers an element unless its name is taken: scripts get loaded twice, in two versions. */
export function register(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
