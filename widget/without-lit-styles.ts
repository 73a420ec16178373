/**
 * Leaves Lit's own module of styles out of the build of the script: the widget's elements have
 * none, `adopt-styles.ts` gives them to the root. A third of a kilobyte less for visitors.
 */
import type { Plugin } from 'vite';

const standIn = `
  export const getCompatibleStyle = (style) => style;
  export const adoptStyles = () => {};
  export { adoptStyles as CSSResult, adoptStyles as css, adoptStyles as unsafeCSS };
  export const supportsAdoptingStyleSheets = true;
`;

export const withoutLitStyles = (): Plugin => ({
  name: 'contact-chat:without-lit-styles',
  load: (id) => (/@lit\/reactive-element\/(\w+\/)*css-tag\.js$/.test(id) ? standIn : undefined),
});
