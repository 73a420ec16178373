import type { Citation } from '../../shared/protocol.ts';
import { safeLink } from '../addresses.ts';

/** A citation as a card shows it. */
export interface Source {
  readonly post: string;
  /** Headings below the post's title; empty for the post itself. */
  readonly heading: string;
  readonly href: string;
}

/**
 * Citations that may be shown: those that lead to http(s), with `Post › Heading` taken apart.
 *
 * @param base - what relative addresses are relative to
 */
export const readSources = (citations: readonly Citation[], base: string): readonly Source[] =>
  citations.flatMap(({ title, url }) => {
    const href = safeLink(url, base);
    if (!href) return [];
    const [post = '', ...headings] = title.split(' › ');
    return [{ post: post || href, heading: headings.join(' › '), href }];
  });
