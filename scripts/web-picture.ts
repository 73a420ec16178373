/** Pictures light enough for a page, made by Chromium alone: no other tool has to be installed. */
import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright';

export interface WebPictures {
  /** Writes a PNG as WebP. @returns bytes written */
  write(path: string, png: Buffer): Promise<number>;
}

const maxBytes = 150_000;
/** From 0 to 1; the first that is light enough is taken, else the last. */
const qualities = [0.85, 0.8, 0.75, 0.7, 0.65] as const;

export async function webPictures(browser: Browser): Promise<WebPictures> {
  const page = await browser.newPage();
  return {
    async write(path, png) {
      const encoded = await page.evaluate(
        async ({ source, wanted, most }) => {
          const image = new Image();
          image.src = `data:image/png;base64,${source}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = image.naturalWidth;
          canvas.height = image.naturalHeight;
          canvas.getContext('2d')?.drawImage(image, 0, 0);
          let made = '';
          for (const quality of wanted) {
            made = canvas.toDataURL('image/webp', quality);
            // Base64 writes three bytes as four letters.
            if (made.length * 0.75 <= most) break;
          }
          return made;
        },
        { source: png.toString('base64'), wanted: qualities, most: maxBytes },
      );
      const head = 'data:image/webp;base64,';
      if (!encoded.startsWith(head)) throw new Error('This Chromium writes no WebP.');
      const bytes = Buffer.from(encoded.slice(head.length), 'base64');
      await writeFile(path, bytes);
      return bytes.length;
    },
  };
}
