/** How smoothly a page runs: what its own observers say. */
import type { Page } from 'playwright/test';

export interface Smoothness {
  readonly frames: number;
  /** Between two frames, in milliseconds. */
  readonly medianGapMs: number;
  readonly p95GapMs: number;
  readonly longestGapMs: number;
  /** Tasks over 50 ms (Long Tasks API), in milliseconds. */
  readonly longTasks: readonly number[];
}

interface Recording {
  gaps: number[];
  tasks: number[];
  stop(): void;
}
type Recorded = Window & { smoothness?: Recording };

/** Watches frames and long tasks while something is done. */
export async function whileWatching(page: Page, doing: () => Promise<void>): Promise<Smoothness> {
  await page.evaluate(() => {
    const recording: Recording = { gaps: [], tasks: [], stop: () => undefined };
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) recording.tasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    let lastMs = performance.now();
    let running = true;
    const frame = (): void => {
      const nowMs = performance.now();
      recording.gaps.push(nowMs - lastMs);
      lastMs = nowMs;
      if (running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    recording.stop = () => {
      running = false;
      for (const { duration } of observer.takeRecords()) recording.tasks.push(duration);
      observer.disconnect();
    };
    (window as Recorded).smoothness = recording;
  });
  await doing();
  const { gaps, tasks } = await page.evaluate(() => {
    const recording = (window as Recorded).smoothness;
    recording?.stop();
    return { gaps: recording?.gaps ?? [], tasks: recording?.tasks ?? [] };
  });
  const sorted = gaps.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return {
    frames: gaps.length,
    medianGapMs: at(0.5),
    p95GapMs: at(0.95),
    longestGapMs: at(1),
    longTasks: tasks,
  };
}

/** One line for people. */
export function inWords(measured: Smoothness): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const total = measured.longTasks.reduce((sum, each) => sum + each, 0);
  return [
    `${measured.frames} frames`,
    `gap between frames: median ${ms(measured.medianGapMs)}, 95 % ${ms(measured.p95GapMs)}`,
    `longest ${ms(measured.longestGapMs)}`,
    `${measured.longTasks.length} long tasks of ${ms(total)} together`,
  ].join(', ');
}
