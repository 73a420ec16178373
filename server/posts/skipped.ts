/** What was found and is not shown, and why. */

export type SkipReason =
  | 'draft'
  | 'future'
  | 'expired'
  | 'private'
  | 'no_text'
  | 'noindex'
  | 'listing'
  | 'duplicate'
  | 'no_page'
  | 'elsewhere'
  | 'gone'
  | 'failed'
  | 'unreadable'
  | 'too_many';

export interface Skipped {
  /** A path in the folder, or an address. */
  readonly what: string;
  readonly reason: SkipReason;
  /** More about this one; empty where the reason says all. */
  readonly detail: string;
}

/** Reasons as a summary lists them. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  draft: 'drafts',
  future: 'dated in the future',
  expired: 'past their expiry date',
  private: 'private or behind a password',
  no_text: 'without text',
  noindex: 'asking not to be indexed (noindex)',
  listing: 'lists of posts',
  duplicate: 'the same as another',
  no_page: 'not pages',
  elsewhere: 'not to be read (robots.txt, another site)',
  gone: 'not there any more',
  failed: 'not to be had just now',
  unreadable: 'not readable',
  too_many: 'beyond the limit of pages',
};

/** Reasons that an owner may want to mend; the others are as they should be. */
export const isTrouble = (reason: SkipReason): boolean => {
  switch (reason) {
    case 'elsewhere':
    case 'gone':
    case 'failed':
    case 'unreadable':
    case 'too_many':
      return true;
    case 'draft':
    case 'future':
    case 'expired':
    case 'private':
    case 'no_text':
    case 'noindex':
    case 'listing':
    case 'duplicate':
    case 'no_page':
      return false;
  }
};

export interface SkipGroup {
  readonly reason: SkipReason;
  readonly items: readonly Skipped[];
}

/** Grouped by reason, the largest group first. */
export function groupSkipped(skipped: readonly Skipped[]): readonly SkipGroup[] {
  const groups = new Map<SkipReason, Skipped[]>();
  for (const item of skipped) {
    const group = groups.get(item.reason);
    if (group) group.push(item);
    else groups.set(item.reason, [item]);
  }
  return [...groups]
    .map(([reason, items]) => ({ reason, items }))
    .sort((one, other) => other.items.length - one.items.length);
}
