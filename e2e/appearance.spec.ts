import type { Locator, Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

const style = (of: Locator, property: string): Promise<string> =>
  of
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

test('follows the colours of the system, until told otherwise', async ({ page, blog, widget }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  expect(await style(widget.panel, 'background-color')).toBe('rgb(22, 24, 29)');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => style(widget.panel, 'background-color')).toBe('rgb(255, 255, 255)');
  await widget.host.evaluate((element) => element.setAttribute('theme', 'dark'));
  await expect.poll(() => style(widget.panel, 'background-color')).toBe('rgb(22, 24, 29)');
});

/** Animations and transitions that would run, in the whole widget. */
const moving = (page: Page): Promise<string[]> =>
  page.locator('contact-chat').evaluate((host) =>
    [...(host.shadowRoot?.querySelectorAll('*') ?? [])].flatMap((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      const still = animationName === 'none' && /^(0s(, )?)+$/.test(transitionDuration);
      return still ? [] : `${element.className}: ${animationName} ${transitionDuration}`;
    }),
  );

test('nothing moves where the visitor wants rest', async ({ page, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  expect(await moving(page)).not.toEqual([]);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await widget.launcher.waitFor();
  expect(await moving(page)).toEqual([]);
  await widget.open();
  await widget.ask('How do I deploy it to production?');
  await owner.replyToVisitor('A word');
  await expect(widget.fromOwner).toHaveCount(1);
  expect(await moving(page)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });

  test('the panel fills the screen, and the input stays in view and does not zoom', async ({
    page,
    server,
  }) => {
    await page.goto(`${server.url}/zh`);
    const widget = widgetOn(page, 'zh');
    await widget.launcher.tap();
    await expect(widget.input).toBeInViewport({ ratio: 1 });
    await expect
      .poll(() => widget.panel.boundingBox())
      .toEqual({ x: 0, y: 0, width: 390, height: 844 });
    // Below 16 pixels, iOS zooms into the input.
    expect(Number.parseFloat(await style(widget.input, 'font-size'))).toBeGreaterThanOrEqual(16);
    // The keyboard does not jump at those who only look.
    await expect(widget.input).not.toBeFocused();

    await widget.input.tap();
    await page.setViewportSize({ width: 390, height: 480 });
    await expect(widget.input).toBeInViewport({ ratio: 1 });
    await widget.input.fill('如何部署到生产环境？');
    await widget.sendButton.tap();
    await expect(widget.answers).toHaveCount(1);
    await page.setViewportSize({ width: 390, height: 844 });
    await widget.panel.getByRole('button', { name: '联系博主' }).tap();
    for (const field of await widget.panel.locator('.field').all()) {
      expect(Number.parseFloat(await style(field, 'font-size'))).toBeGreaterThanOrEqual(16);
    }
    await widget.panel.getByRole('button', { name: '返回' }).tap();
    await widget.panel.getByRole('button', { name: '关闭聊天' }).tap();
    await expect(widget.panel).toBeHidden();
    await expect(widget.launcher).toBeInViewport({ ratio: 1 });
  });

  test('everything to touch is large enough for a finger', async ({ page, blog, widget }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.launcher.tap();
    await expect(widget.input).toBeVisible();
    await widget.ask('How do I deploy it to production?');
    // What is hit 20 pixels above and below the middle of a control still belongs to it.
    const small = await widget.host.evaluate((host) => {
      const root = host.shadowRoot as ShadowRoot;
      return [...root.querySelectorAll<HTMLElement>('button, summary, a.card')]
        .filter((control) => control.checkVisibility())
        .filter((control) => {
          const { left, top, width, height } = control.getBoundingClientRect();
          const view = control.closest('.scroll')?.getBoundingClientRect();
          if (view && (top < view.top || top + height > view.bottom)) return false;
          const [x, y] = [left + width / 2, top + height / 2];
          return ![-20, 20].every((by) => {
            const hit = root.elementFromPoint(x, Math.min(innerHeight - 1, y + by));
            return hit !== null && (control.contains(hit) || hit.contains(control));
          });
        })
        .map((control) => control.outerHTML.slice(0, 80));
    });
    expect(small).toEqual([]);
  });

  test('nothing is wider than the screen', async ({ page, blog, widget }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.launcher.tap();
    await expect(widget.input).toBeVisible();
    await widget.ask('How do I deploy it to production?');
    await widget.ask(`${'w'.repeat(300)} https://example.com/${'a/'.repeat(200)}`);
    const sizes = await widget.log.evaluate(({ scrollWidth, clientWidth }) => ({
      scrollWidth,
      clientWidth,
    }));
    expect(sizes.scrollWidth).toBeLessThanOrEqual(sizes.clientWidth);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });
});

test('Chinese has faces of its own in the list of fonts', async ({ page, server }) => {
  await page.goto(`${server.url}/zh`);
  const widget = widgetOn(page, 'zh');
  await widget.open();
  expect(await style(widget.panel, 'font-family')).toMatch(
    /PingFang SC.*Microsoft YaHei.*Noto Sans CJK SC/,
  );
  await expect(widget.host.locator('.root')).toHaveAttribute('lang', 'zh-CN');
});
