/**
 * Colours of code by what it is, each 4.5 : 1 against every surface that code stands on.
 * Keywords have the accent, which is made readable elsewhere.
 */
export const codeColors = {
  light: { comment: '#5f6672', string: '#1f6b3d', number: '#8a4b0f', name: '#7b3b8c' },
  dark: { comment: '#9aa2af', string: '#8fd3a3', number: '#e9bd84', name: '#d3a6e3' },
} as const;
