/** What a page pays for its own accent, and no other page. */
import { deriveAccent, parseColor, toCss, type Rgb } from './contrast.ts';

const white: Rgb = [255, 255, 255];

/** Any colour a browser understands, by letting it paint one pixel. */
function paint(color: string): Rgb | undefined {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return undefined;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

const derived = ['--fill', '--on-fill', '--accent'];

const computed = (element: Element): Rgb | undefined => {
  const text = getComputedStyle(element).backgroundColor;
  return parseColor(text) ?? paint(text);
};

/**
 * Derives readable colours from the accent in force and gives them to the root as custom
 * properties.
 */
export function applyAccent(root: HTMLElement, dark: boolean): void {
  const { style } = root;
  for (const name of derived) style.removeProperty(name);
  const launcher = root.querySelector('.launcher');
  const panel = root.querySelector('.panel');
  const accent = launcher && computed(launcher);
  if (!accent) return;
  const { fill, onFill, ink } = deriveAccent(accent, (panel && computed(panel)) ?? white, dark);
  [fill, onFill, ink].forEach((color, index) =>
    style.setProperty(derived[index] ?? '', toCss(color)),
  );
}
