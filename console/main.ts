/** Starts the inbox in its page. */
import './elements/inbox-root.ts';
import { tokens } from './styles/tokens.ts';

const sheet = tokens.styleSheet;
if (sheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
document.body.append(document.createElement('inbox-root'));
